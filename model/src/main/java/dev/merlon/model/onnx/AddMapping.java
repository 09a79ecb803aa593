package dev.merlon.model.onnx;

import dev.merlon.model.network.Add;
import dev.merlon.model.network.Network.Operands;
import java.util.List;

/** {@code Add} of two computed values of one shape. */
final class AddMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Add");
  }

  static String write(Operands<String> at, GraphWriter graph) {
    return graph.node(at.node(), "Add", at.values());
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(2, 2);
    node.requireNoOtherAttributes();
    Refusal.unless(
        !graph.isConstant(node.input(0)) && !graph.isConstant(node.input(1)),
        "adding a constant is not supported");
    graph.append(node, new Add(), graph.value(node.input(0)), graph.value(node.input(1)));
  }
}
