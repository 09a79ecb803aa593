/**
 * What the file itself computes, as ONNX Runtime does it: predictions, the import self-check, the
 * confirmation of counterexamples.
 */
@NullMarked
package dev.merlon.model.verify.runtime;

import org.jspecify.annotations.NullMarked;
