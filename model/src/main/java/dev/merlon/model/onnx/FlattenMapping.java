package dev.merlon.model.onnx;

import dev.merlon.model.network.Flatten;
import dev.merlon.model.network.Network.Operands;
import java.util.List;

/** {@code Flatten} of all axes but the batch. */
final class FlattenMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Flatten");
  }

  static String write(Operands<String> at, GraphWriter graph) {
    return graph.node(at.node(), "Flatten", List.of(at.first()), GraphWriter.attribute("axis", 1));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 1);
    int operand = graph.value(node.input(0));
    long axis = node.integer("axis", 1);
    node.requireNoOtherAttributes();
    long fromFront = axis < 0 ? axis + graph.shape(operand).dimension() + 1 : axis;
    Refusal.unless(
        fromFront == 1, "axis " + axis + " is not supported, only the first after the batch");
    graph.append(node, new Flatten(), operand);
  }
}
