package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.DataType;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.TensorReader;
import java.util.List;

/** {@code Cast} between float32 and float64 where no value changes: to the same or a wider type. */
final class CastMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Cast");
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 1);
    long number = node.requiredInteger("to");
    node.integer("saturate", 1);
    node.requireNoOtherAttributes();
    DataType type =
        TensorReader.type((int) number)
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        "it casts to type " + number + ", only FLOAT and DOUBLE are supported"));
    if (graph.isConstant(node.input(0))) {
      graph.define(node.output(), graph.constant(node.input(0)).as(type));
      return;
    }
    int operand = graph.value(node.input(0));
    ModelFormatException.unless(
        type == graph.type(operand) || type == DataType.FLOAT64,
        "it casts computed values from float64 to float32, which rounds them");
    graph.widen(node, type, operand);
  }
}
