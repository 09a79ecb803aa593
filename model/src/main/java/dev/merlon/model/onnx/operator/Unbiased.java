package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.tensor.HostTensor;
import java.util.Map;

/**
 * A weighted layer without bias, which waits for the addition that often follows it and is its bias
 * then.
 *
 * @param node the operator that it is
 * @param plain the layer
 * @param biased the layer with a bias
 * @param operand number of the value that it takes
 */
record Unbiased(OnnxNode node, Operation plain, Operation biased, HostTensor weight, int operand)
    implements GraphReader.Deferred {

  /** Keeps it back; refuses at once what does not fit. */
  void defer(GraphReader graph) {
    shape(graph);
    graph.defer(node.output(), this);
  }

  /** Adds it with a bias, as what computes the output of the node that has the bias. */
  void join(OnnxNode adding, HostTensor bias, GraphReader graph) {
    graph.append(adding, biased, Map.of("weight", weight, "bias", bias), operand);
  }

  /** Shape of its value for one sample. */
  Shape shape(GraphReader graph) {
    return graph.check(plain, Map.of("weight", weight), operand);
  }

  @Override
  public void settle(GraphReader graph) {
    graph.append(node, plain, Map.of("weight", weight), operand);
  }
}
