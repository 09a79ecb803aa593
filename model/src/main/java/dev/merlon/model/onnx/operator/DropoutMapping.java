package dev.merlon.model.onnx.operator;

import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import java.util.List;

/** {@code Dropout} in inference, where it does nothing. */
final class DropoutMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Dropout");
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 3);
    node.real("ratio", 0.5f);
    node.integer("seed", 0);
    node.requireNoOtherAttributes();
    ModelFormatException.unless(
        !node.hasInput(2) || !graph.flag(node.input(2)), "training_mode is not supported");
    graph.alias(node.input(0), node.output());
  }
}
