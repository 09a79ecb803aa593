package dev.merlon.model.onnx.operator;

import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.OnnxNode;
import java.util.List;

/** {@code Constant} given as a tensor, the same as an initialiser. */
final class ConstantMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Constant");
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    graph.define(node.output(), node.tensor("value"));
    node.requireNoOtherAttributes();
  }
}
