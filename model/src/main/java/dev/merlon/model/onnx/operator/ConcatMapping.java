package dev.merlon.model.onnx.operator;

import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.WrittenOperator;
import java.util.ArrayList;
import java.util.List;

/** {@code Concat} of computed values along any axis but the batch. */
final class ConcatMapping implements OperatorMapping {
  private static final WrittenOperator CONCAT = new WrittenOperator("Concat", 13);

  @Override
  public List<String> operators() {
    return List.of("Concat");
  }

  static String write(Concat operation, Operands<String> at, GraphWriter graph) {
    return graph.node(
        at.node(), CONCAT, at.values(), GraphWriter.attribute("axis", operation.axis() + 1L));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, Integer.MAX_VALUE);
    long axis = node.requiredInteger("axis");
    node.requireNoOtherAttributes();
    List<Integer> operands = new ArrayList<>();
    for (String input : node.inputs()) {
      operands.add(graph.value(input));
    }
    int rank = graph.shape(operands.get(0)).dimension() + 1;
    long fromFront = axis < 0 ? axis + rank : axis;
    ModelFormatException.unless(
        fromFront > 0 && fromFront < rank, "axis " + axis + " is not one of a sample's axes");
    Concat operation = new Concat((int) fromFront - 1, operands.size());
    graph.append(node, operation, operands.toArray(Integer[]::new));
  }
}
