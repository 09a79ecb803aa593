package dev.merlon.model.bound.box;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.OperationVisitor;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;

/**
 * How many terms the sums have that a model's forward pass computes an operation's values by; 0
 * where these are exact.
 */
public record SumLength(Network network) implements OperationVisitor<Node, Double> {

  /** What rounding may cost at a node, in a pass forwards or backwards. */
  public static LayerRounding layer(Network network, Node node, Rounding rounding) {
    if (!rounding.accounted()) {
      return LayerRounding.NONE;
    }
    double products = node.shape().size();
    for (int input : node.inputs()) {
      products += network.shape(input).size();
    }
    double terms = node.operation().accept(new SumLength(network), node);
    return at(node, rounding).layer(products, terms == 0 ? 0 : terms + merged(network));
  }

  /** What bounds make up for at a node: its values may be rounded outside of the model. */
  static Rounding at(Node node, Rounding rounding) {
    boolean outside = node.operation() instanceof Normalize normalize && normalize.outside();
    return outside ? rounding.withFloat32Values() : rounding;
  }

  // A runtime may merge each of them into the constants of a weighted layer, with one rounding.
  private static long merged(Network network) {
    return network.nodes().stream().filter(n -> n.operation() instanceof Elementwise).count();
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

  @Override
  public Double add(Add operation, Node node) {
    return start();
  }

  @Override
  public Double elementwise(Elementwise operation, Node node) {
    return operation.kind() == Elementwise.Kind.ADD ? start() : 1.0;
  }

  // A runtime may start the sums of a weighted layer with the other operand of an addition.
  private double start() {
    return 1
        + network.nodes().stream()
            .filter(other -> !(other.operation() instanceof Add))
            .filter(other -> !(other.operation() instanceof Elementwise))
            .mapToDouble(other -> other.operation().accept(this, other))
            .max()
            .orElse(0);
  }

  @Override
  public Double concat(Concat operation, Node node) {
    return 0.0;
  }

  @Override
  public Double pad(Pad operation, Node node) {
    return 0.0;
  }

  @Override
  public Double rearrange(Rearrangement operation, Node node) {
    return 0.0;
  }

  private Shape operand(Node node) {
    return network.shape(node.inputs().get(0));
  }
}
