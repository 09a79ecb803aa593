/**
 * The graph of an ONNX file as it is read and written: nodes with their attributes, tensors, sizes.
 * Knows no single operator.
 */
@NullMarked
package dev.merlon.model.onnx.graph;

import org.jspecify.annotations.NullMarked;
