package dev.merlon.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Exported models with something changed, as other programs might have written them. */
public final class EditedModel {
  private EditedModel() {}

  /** The file with its model changed. */
  static byte[] model(SampleModel model, Consumer<ModelProto.Builder> edit) {
    try {
      ModelProto.Builder proto = ModelProto.parseFrom(model.bytes()).toBuilder();
      edit.accept(proto);
      return proto.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file with its graph changed. */
  public static byte[] graph(SampleModel model, Consumer<GraphProto.Builder> edit) {
    return model(model, proto -> edit.accept(proto.getGraphBuilder()));
  }

  /** The file with one node changed. */
  public static byte[] node(SampleModel model, String name, Consumer<NodeProto.Builder> edit) {
    return graph(
        model,
        graph ->
            graph.getNodeBuilderList().stream()
                .filter(node -> node.getName().equals(name))
                .forEach(edit));
  }

  /** The file with one attribute of a node set. */
  static byte[] attribute(SampleModel model, String node, AttributeProto attribute) {
    return node(
        model,
        node,
        n -> {
          for (int i = n.getAttributeCount() - 1; i >= 0; i--) {
            if (n.getAttribute(i).getName().equals(attribute.getName())) {
              n.removeAttribute(i);
            }
          }
          n.addAttribute(attribute);
        });
  }

  /** The file with every initialiser changed. */
  static byte[] tensors(SampleModel model, UnaryOperator<TensorProto> edit) {
    return graph(
        model,
        graph -> {
          for (int i = 0; i < graph.getInitializerCount(); i++) {
            graph.setInitializer(i, edit.apply(graph.getInitializer(i)));
          }
        });
  }

  /** The file with one initialiser changed. */
  static byte[] tensor(SampleModel model, String name, Consumer<TensorProto.Builder> edit) {
    return tensors(
        model,
        tensor -> {
          TensorProto.Builder builder = tensor.toBuilder();
          if (tensor.getName().equals(name)) {
            edit.accept(builder);
          }
          return builder.build();
        });
  }

  /** The file with the batch fixed. */
  public static byte[] fixedBatch(SampleModel model, int batch) {
    return graph(
        model,
        graph -> {
          graph
              .getInputBuilder(0)
              .getTypeBuilder()
              .getTensorTypeBuilder()
              .getShapeBuilder()
              .getDimBuilder(0)
              .setDimValue(batch);
          graph
              .getOutputBuilder(0)
              .getTypeBuilder()
              .getTensorTypeBuilder()
              .getShapeBuilder()
              .getDimBuilder(0)
              .setDimValue(batch);
        });
  }
}
