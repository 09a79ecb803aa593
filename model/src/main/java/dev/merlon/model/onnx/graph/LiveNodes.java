package dev.merlon.model.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The operators that a graph's output depends on, in the file's order, which ONNX requires to be
 * topological.
 *
 * @param nodes operators that take part
 * @param leftOut number of operators that do not
 */
public record LiveNodes(List<NodeProto> nodes, int leftOut) {

  /** Those of a graph, found from its outputs backwards. */
  public static LiveNodes of(GraphProto graph) {
    Set<String> wanted = new HashSet<>();
    Deque<NodeProto> backwards = new ArrayDeque<>(graph.getNodeList());
    graph.getOutputList().forEach(output -> wanted.add(output.getName()));
    // In topological order, everything that takes a result comes after what computes it.
    Deque<NodeProto> live = new ArrayDeque<>();
    while (!backwards.isEmpty()) {
      NodeProto node = backwards.removeLast();
      if (node.getOutputList().stream().anyMatch(wanted::contains)) {
        wanted.addAll(node.getInputList());
        live.addFirst(node);
      }
    }
    return new LiveNodes(List.copyOf(live), graph.getNodeCount() - live.size());
  }

  /** A line for the user where operators were left out. */
  public Optional<String> warning() {
    return leftOut == 0
        ? Optional.empty()
        : Optional.of(leftOut + " operator(s) without influence on the output were left out.");
  }
}
