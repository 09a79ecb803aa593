package dev.merlon.model.onnx.operator;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.merlon.model.network.Network;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxFormat;
import dev.merlon.model.onnx.graph.OnnxNode;
import java.util.List;
import java.util.Optional;

/**
 * {@code Softmax} and {@code LogSoftmax}. Over the classes, as the last operator, they keep the
 * order of the logits: the network is what comes before. Anywhere else they are refused.
 */
public final class TrailingSoftmax implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Softmax", "LogSoftmax");
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    throw new ModelFormatException("it is only supported as the last operator, over the classes");
  }

  /** The line for the user where there is one. */
  public static String warning(NodeProto node) {
    return "It ends in "
        + node.getOpType()
        + ", which keeps the order of the logits: margins are those of the logits, outputs and"
        + " classes those of the file.";
  }

  /**
   * Refuses one that makes the same number of every logit.
   *
   * @param logits what it was taken off
   */
  public static void requireClasses(NodeProto last, Network logits, String model) {
    if (logits.classes() < 2) {
      throw ModelRefusal.refused(
          "Model '%s': its last operator, %s, gives one class the same value whatever the input is."
              .formatted(model, last.getOpType()));
    }
  }

  /** The last operator, if it is one of these, over the classes. */
  public static Optional<NodeProto> of(ModelProto model) {
    GraphProto graph = model.getGraph();
    if (graph.getOutputCount() != 1) {
      return Optional.empty();
    }
    String output = graph.getOutput(0).getName();
    return graph.getNodeList().stream()
        .filter(node -> node.getOutputCount() == 1 && node.getOutput(0).equals(output))
        .filter(TrailingSoftmax::overClasses)
        .filter(
            node -> graph.getNodeList().stream().noneMatch(o -> o.getInputList().contains(output)))
        .findFirst();
  }

  /** The model that ends in the operator's operand instead. */
  public static ModelProto without(NodeProto last, ModelProto model) {
    ModelProto.Builder bare = model.toBuilder();
    GraphProto.Builder graph = bare.getGraphBuilder();
    graph.removeNode(model.getGraph().getNodeList().indexOf(last));
    graph.getOutputBuilder(0).setName(last.getInput(0));
    return bare.build();
  }

  /** The operator behind the model of its operand. */
  public static ModelProto onto(NodeProto last, ModelProto logits) {
    ModelProto.Builder model = logits.toBuilder();
    model.getGraphBuilder().addNode(last).getOutputBuilder(0).setName(last.getOutput(0));
    return model.build();
  }

  // Of the two axes of a batch of logits; without the attribute all operator sets mean the second.
  private static boolean overClasses(NodeProto node) {
    return Ending.of(node.getOpType()).isPresent()
        && OnnxFormat.isDefaultDomain(node.getDomain())
        && node.getInputCount() == 1
        && node.getAttributeList().stream().allMatch(TrailingSoftmax::isClassAxis);
  }

  private static boolean isClassAxis(AttributeProto attribute) {
    return attribute.getName().equals("axis")
        && attribute.getType() == AttributeProto.AttributeType.INT
        && (attribute.getI() == 1 || attribute.getI() == -1);
  }
}
