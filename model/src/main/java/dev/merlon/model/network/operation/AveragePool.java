package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Windows;
import java.util.List;

/**
 * The mean of each window of each channel.
 *
 * @param windows which windows; padding at most half their extent
 * @param countPadding whether padding counts as zeros, or not at all
 */
public record AveragePool(Windows windows, boolean countPadding) implements Operation {
  /** Checks the windows. */
  public AveragePool {
    Pooling.requireValid(windows);
  }

  @Override
  public <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.averagePool(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Pooling.outputShape(windows, inputs.get(0));
  }
}
