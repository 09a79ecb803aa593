package dev.merlon.model.network;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.OperationVisitor;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.tensor.Scalars;

/** The affine map of a node that treats each value alone; other nodes have none. */
final class ChannelAffineOf implements OperationVisitor<Node, ChannelAffine> {
  private final LiveNetwork live;

  ChannelAffineOf(LiveNetwork live) {
    this.live = live;
  }

  @Override
  public ChannelAffine normalize(Normalize operation, Node node) {
    NDArray scale =
        live.derive(
            node.parameter("scale"),
            () ->
                live.scope()
                    .tensor(
                        operation.std().stream().mapToDouble(s -> 1 / s).toArray(),
                        live.type(),
                        operation.std().size()));
    NDArray shift =
        live.derive(
            node.parameter("shift"),
            () -> {
              double[] values = new double[operation.mean().size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = -operation.mean().get(i) / operation.std().get(i);
              }
              return live.scope().tensor(values, live.type(), values.length);
            });
    NDArray center =
        live.derive(
            node.parameter("center"),
            () ->
                live.scope()
                    .tensor(
                        operation.mean().stream().mapToDouble(m -> m).toArray(),
                        live.type(),
                        operation.mean().size()));
    return new ChannelAffine(scale, shift, center);
  }

  @Override
  public ChannelAffine batchNorm(BatchNorm operation, Node node) {
    BatchStatistics statistics = live.statistics(node);
    NDArray scale =
        live.derive(
            node.parameter("scale"),
            () ->
                live.tensor(node, "weight")
                    .div(statistics.variance().add(operation.epsilon()).sqrt()));
    NDArray shift =
        live.derive(
            node.parameter("shift"),
            () -> live.tensor(node, "bias").sub(scale.mul(statistics.mean())));
    return new ChannelAffine(scale, shift, statistics.mean());
  }

  /** The reciprocal of a divisor is rounded, which bounds make up for. */
  @Override
  public ChannelAffine elementwise(Elementwise operation, Node node) {
    NDArray constant = live.tensor(node, "constant");
    NDArray zero = live.derive(node.parameter("zero"), constant::zerosLike);
    if (operation.kind() == Elementwise.Kind.ADD) {
      NDArray one = live.derive(node.parameter("one"), constant::onesLike);
      return new ChannelAffine(one, constant, zero);
    }
    boolean divides = operation.kind() == Elementwise.Kind.DIVIDE;
    NDArray scale =
        divides ? live.derive(node.parameter("scale"), () -> Scalars.inverse(constant)) : constant;
    return new ChannelAffine(scale, zero, zero);
  }

  @Override
  public ChannelAffine conv2d(Conv2d operation, Node node) {
    throw none(node);
  }

  @Override
  public ChannelAffine linear(Linear operation, Node node) {
    throw none(node);
  }

  @Override
  public ChannelAffine nonlinear(Nonlinear operation, Node node) {
    throw none(node);
  }

  @Override
  public ChannelAffine averagePool(AveragePool operation, Node node) {
    throw none(node);
  }

  @Override
  public ChannelAffine globalAveragePool(GlobalAveragePool operation, Node node) {
    throw none(node);
  }

  @Override
  public ChannelAffine add(Add operation, Node node) {
    throw none(node);
  }

  @Override
  public ChannelAffine concat(Concat operation, Node node) {
    throw none(node);
  }

  @Override
  public ChannelAffine pad(Pad operation, Node node) {
    throw none(node);
  }

  @Override
  public ChannelAffine rearrange(Rearrangement operation, Node node) {
    throw none(node);
  }

  private static IllegalArgumentException none(Node node) {
    return new IllegalArgumentException("layer " + node.name() + " is not channel-wise affine");
  }
}
