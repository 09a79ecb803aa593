/** ONNX Runtime as the independent judge of what a model computes. */
@NullMarked
package dev.merlon.model.onnx.runtime;

import org.jspecify.annotations.NullMarked;
