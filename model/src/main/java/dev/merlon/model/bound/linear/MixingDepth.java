package dev.merlon.model.bound.linear;

import dev.merlon.model.network.Network;
import dev.merlon.model.network.Network.Operands;
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
import java.util.List;

/**
 * How often the inputs have been mixed on the way to a value. Up to the first weighted layer box
 * bounds are the exact range of every neuron, so that a backward pass could not better them.
 */
public final class MixingDepth implements OperationVisitor<Operands<Integer>, Integer> {
  private static final int DEEP = 2;

  private MixingDepth() {}

  /** Whether box bounds are exact, by number of the value. */
  public static List<Boolean> exact(Network network) {
    return network.evaluate(new MixingDepth(), 0).stream().map(depth -> depth < DEEP).toList();
  }

  @Override
  public Integer normalize(Normalize operation, Operands<Integer> at) {
    return at.first();
  }

  @Override
  public Integer conv2d(Conv2d operation, Operands<Integer> at) {
    return at.first() + 1;
  }

  @Override
  public Integer linear(Linear operation, Operands<Integer> at) {
    return at.first() + 1;
  }

  @Override
  public Integer batchNorm(BatchNorm operation, Operands<Integer> at) {
    return at.first();
  }

  @Override
  public Integer nonlinear(Nonlinear operation, Operands<Integer> at) {
    return DEEP;
  }

  // Boxes forget the image of a ball here, so that they need not be exact.
  @Override
  public Integer averagePool(AveragePool operation, Operands<Integer> at) {
    return DEEP;
  }

  @Override
  public Integer globalAveragePool(GlobalAveragePool operation, Operands<Integer> at) {
    return DEEP;
  }

  @Override
  public Integer add(Add operation, Operands<Integer> at) {
    return DEEP;
  }

  @Override
  public Integer concat(Concat operation, Operands<Integer> at) {
    return DEEP;
  }

  @Override
  public Integer elementwise(Elementwise operation, Operands<Integer> at) {
    return at.first();
  }

  @Override
  public Integer pad(Pad operation, Operands<Integer> at) {
    return at.first();
  }

  @Override
  public Integer rearrange(Rearrangement operation, Operands<Integer> at) {
    return at.first();
  }
}
