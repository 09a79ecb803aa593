package dev.merlon.model.onnx.operator;

import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import java.util.List;

/**
 * What one operation of a network and one or a few ONNX operators have to do with each other: both
 * directions of a mapping live in one class, whose {@code write} method the export calls.
 */
public interface OperatorMapping {
  /** The ONNX operators that {@link #read} understands. */
  List<String> operators();

  /**
   * Adds what an operator of the file computes to the network.
   *
   * @throws ModelFormatException when this use of the operator is not supported
   */
  void read(OnnxNode node, GraphReader graph);
}
