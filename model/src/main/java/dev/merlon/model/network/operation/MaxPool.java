package dev.merlon.model.network.operation;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Windows;
import java.util.List;

/**
 * The largest value of each window of each channel; padding does not count.
 *
 * @param windows which windows; padding at most half their extent
 */
public record MaxPool(Windows windows) implements Nonlinear {
  /** Checks the windows. */
  public MaxPool {
    Pooling.requireValid(windows);
  }

  @Override
  public <C, R> R acceptNonlinear(NonlinearVisitor<C, R> visitor, C context) {
    return visitor.maxPool(this, context);
  }

  @Override
  public Shape outputShape(List<Shape> inputs) {
    return Pooling.outputShape(windows, inputs.get(0));
  }
}
