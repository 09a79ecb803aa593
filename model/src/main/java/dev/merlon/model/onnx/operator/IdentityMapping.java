package dev.merlon.model.onnx.operator;

import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.OnnxNode;
import java.util.List;

/** {@code Identity}, which gives a tensor a second name. */
final class IdentityMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Identity");
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 1);
    node.requireNoOtherAttributes();
    graph.alias(node.input(0), node.output());
  }
}
