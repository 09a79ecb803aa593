package dev.merlon.model.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The part of a file that ONNX Runtime may see: what was read and understood. What has no influence
 * on the output was not looked at, and is left out, so that nothing in it is ever evaluated, and no
 * other file that it names opened, whatever the runtime's version does with unused parts.
 */
final class RunnableFile {
  private RunnableFile() {}

  /** The model, or one without what does not take part. */
  static ModelProto of(ModelProto model, List<NodeProto> live) {
    GraphProto graph = model.getGraph();
    Set<String> taken = new HashSet<>();
    live.forEach(node -> taken.addAll(node.getInputList()));
    List<TensorProto> constants =
        graph.getInitializerList().stream().filter(c -> taken.contains(c.getName())).toList();
    boolean whole =
        live.size() == graph.getNodeCount()
            && constants.size() == graph.getInitializerCount()
            && model.getFunctionsCount() == 0
            && model.getTrainingInfoCount() == 0
            && graph.getValueInfoCount() == 0;
    if (whole) {
      return model;
    }
    Set<String> left = new HashSet<>();
    graph.getInitializerList().forEach(constant -> left.add(constant.getName()));
    constants.forEach(constant -> left.remove(constant.getName()));
    ModelProto.Builder part = model.toBuilder().clearFunctions().clearTrainingInfo();
    GraphProto.Builder rest = part.getGraphBuilder();
    rest.clearNode().addAllNode(live).clearInitializer().addAllInitializer(constants);
    rest.clearValueInfo().clearInput();
    graph.getInputList().stream().filter(i -> !left.contains(i.getName())).forEach(rest::addInput);
    return part.build();
  }
}
