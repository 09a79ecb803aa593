/**
 * Networks as ONNX files: export to bytes that depend on nothing but weights and configuration,
 * import of a file as the network of its own unfolded graph, and ONNX Runtime sessions as the
 * independent judge of predictions. Imports networks, host tensors and failures; knows nothing of
 * bounds, attacks or training.
 */
@NullMarked
package dev.merlon.model.onnx;

import org.jspecify.annotations.NullMarked;
