package dev.merlon.model.bound;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Add;
import dev.merlon.model.network.AveragePool;
import dev.merlon.model.network.BatchNorm;
import dev.merlon.model.network.Conv2d;
import dev.merlon.model.network.Flatten;
import dev.merlon.model.network.GlobalAveragePool;
import dev.merlon.model.network.LeakyRelu;
import dev.merlon.model.network.Linear;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.Nonlinear;
import dev.merlon.model.network.Normalize;
import dev.merlon.model.network.OperationVisitor;

/**
 * How many terms the sums have that a model's forward pass computes an operation's values by; 0
 * where these are exact.
 */
record SumLength(Network network) implements OperationVisitor<Node, Double> {

  /** What rounding may cost at a node, in a pass forwards or backwards. */
  static LayerRounding layer(Network network, Node node, Rounding rounding) {
    if (!rounding.accounted()) {
      return LayerRounding.NONE;
    }
    double products = node.shape().size();
    for (int input : node.inputs()) {
      products += network.shape(input).size();
    }
    return rounding.layer(products, node.operation().accept(new SumLength(network), node));
  }

  @Override
  public Double normalize(Normalize operation, Node node) {
    return 1.0;
  }

  @Override
  public Double conv2d(Conv2d operation, Node node) {
    return (double) operation.inPerGroup()
        * operation.kernel().height()
        * operation.kernel().width();
  }

  @Override
  public Double linear(Linear operation, Node node) {
    return (double) operand(node).size();
  }

  @Override
  public Double batchNorm(BatchNorm operation, Node node) {
    return 1.0;
  }

  @Override
  public Double nonlinear(Nonlinear operation, Node node) {
    return operation instanceof LeakyRelu ? 1.0 : 0.0;
  }

  @Override
  public Double averagePool(AveragePool operation, Node node) {
    return (double) operation.windows().taps();
  }

  @Override
  public Double globalAveragePool(GlobalAveragePool operation, Node node) {
    return (double) operand(node).get(1) * operand(node).get(2);
  }

  // A runtime may start the sums of a convolution with the other operand of an addition.
  @Override
  public Double add(Add operation, Node node) {
    return 1
        + network.nodes().stream()
            .filter(other -> !(other.operation() instanceof Add))
            .mapToDouble(other -> other.operation().accept(this, other))
            .max()
            .orElse(0);
  }

  @Override
  public Double flatten(Flatten operation, Node node) {
    return 0.0;
  }

  private Shape operand(Node node) {
    return network.shape(node.inputs().get(0));
  }
}
