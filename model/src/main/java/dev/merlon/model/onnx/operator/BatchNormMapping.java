package dev.merlon.model.onnx.operator;

import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.WrittenOperator;
import dev.merlon.model.tensor.HostTensor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code BatchNormalization} in inference. ONNX's momentum is the weight of the old statistics,
 * ours that of the new batch; it has no part in the function that the file computes.
 */
final class BatchNormMapping implements OperatorMapping {
  private static final WrittenOperator BATCH_NORM = new WrittenOperator("BatchNormalization", 9);
  private static final List<String> TENSORS =
      List.of("weight", "bias", "running_mean", "running_var");

  @Override
  public List<String> operators() {
    return List.of("BatchNormalization");
  }

  static String write(BatchNorm operation, Operands<String> at, GraphWriter graph) {
    List<String> inputs = new ArrayList<>();
    inputs.add(at.first());
    TENSORS.forEach(suffix -> inputs.add(graph.parameter(at.node(), suffix)));
    BigDecimal kept = BigDecimal.ONE.subtract(BigDecimal.valueOf(operation.momentum()));
    return graph.node(
        at.node(),
        BATCH_NORM,
        inputs,
        GraphWriter.attribute("epsilon", (float) operation.epsilon()),
        GraphWriter.attribute("momentum", kept.floatValue()));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(5, 5);
    node.requireInteger("training_mode", 0, 0);
    node.requireInteger("spatial", 1, 1);
    double epsilon = node.real("epsilon", 1e-5f);
    BigDecimal kept = new BigDecimal(Float.toString(node.real("momentum", 0.9f)));
    double momentum = BigDecimal.ONE.subtract(kept).doubleValue();
    node.requireNoOtherAttributes();
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < TENSORS.size(); i++) {
      tensors.put(TENSORS.get(i), graph.constant(node.input(i + 1)));
    }
    HostTensor variance = graph.constant(node.input(4));
    for (double value : variance.toDoubles()) {
      ModelFormatException.unless(value >= 0, "a variance of " + value + " is negative");
    }
    int features = Math.toIntExact(variance.shape().size());
    graph.append(
        node, new BatchNorm(features, epsilon, momentum), tensors, graph.value(node.input(0)));
  }
}
