package dev.merlon.model.onnx;

import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.Relu;
import java.util.List;

/** {@code Relu}. */
final class ReluMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Relu");
  }

  static String write(Operands<String> at, GraphWriter graph) {
    return graph.node(at.node(), "Relu", List.of(at.first()));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 1);
    node.requireNoOtherAttributes();
    graph.append(node, new Relu(), graph.value(node.input(0)));
  }
}
