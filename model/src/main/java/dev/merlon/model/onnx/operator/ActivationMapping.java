package dev.merlon.model.onnx.operator;

import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.WrittenOperator;
import java.util.List;

/** {@code Relu}, {@code LeakyRelu}, {@code Sigmoid}, {@code Tanh}. */
final class ActivationMapping implements OperatorMapping {
  static final WrittenOperator RELU = new WrittenOperator("Relu", 13);
  static final WrittenOperator SIGMOID = new WrittenOperator("Sigmoid", 13);
  static final WrittenOperator TANH = new WrittenOperator("Tanh", 13);
  private static final WrittenOperator LEAKY_RELU = new WrittenOperator("LeakyRelu", 6);

  private static final float LEAK = 0.01f;

  @Override
  public List<String> operators() {
    return List.of("Relu", "LeakyRelu", "Sigmoid", "Tanh");
  }

  static String write(WrittenOperator operator, Operands<String> at, GraphWriter graph) {
    return graph.node(at.node(), operator, List.of(at.first()));
  }

  static String write(LeakyRelu operation, Operands<String> at, GraphWriter graph) {
    return graph.node(
        at.node(),
        LEAKY_RELU,
        List.of(at.first()),
        GraphWriter.attribute("alpha", (float) operation.slope()));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 1);
    switch (node.operator()) {
      case "Relu" -> append(new Relu(), node, graph);
      case "LeakyRelu" -> append(new LeakyRelu(node.real("alpha", LEAK)), node, graph);
      case "Sigmoid" -> append(new Sigmoid(), node, graph);
      case "Tanh" -> append(new Tanh(), node, graph);
      default -> throw new IllegalArgumentException(node.operator());
    }
  }

  private static void append(Activation operation, OnnxNode node, GraphReader graph) {
    node.requireNoOtherAttributes();
    graph.append(node, operation, graph.value(node.input(0)));
  }
}
