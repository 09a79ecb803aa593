package dev.merlon.model.onnx.graph;

/**
 * An ONNX operator as it is written.
 *
 * @param name its type, such as {@code Conv}
 * @param since the first operator set whose definition of it is the one that the written form
 *     follows (the list of versions in ONNX's Operators.md); later sets read the form the same way
 */
public record WrittenOperator(String name, int since) {}
