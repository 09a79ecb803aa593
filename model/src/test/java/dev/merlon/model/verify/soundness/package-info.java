/**
 * Judges the verifier as users get it: random small networks go through an ONNX file, and every
 * verdict is compared with the exact distance of the nearest counterexample, which is computed
 * without any of the product's bounds.
 */
@NullMarked
package dev.merlon.model.verify.soundness;

import org.jspecify.annotations.NullMarked;
