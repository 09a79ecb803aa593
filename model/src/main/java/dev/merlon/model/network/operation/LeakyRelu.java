package dev.merlon.model.network.operation;

/**
 * {@code max(x, 0) + slope min(x, 0)} per neuron.
 *
 * @param slope below 0, in {@code [0, 1)}
 */
public record LeakyRelu(double slope) implements Activation {
  /** Slope where nothing else is said. */
  public static final double SLOPE = 0.01;

  /** Checks the slope. */
  public LeakyRelu {
    ShapeMismatch.require(
        slope >= 0 && slope < 1,
        "a leaky rectifier needs a slope of at least 0 and below 1, not " + slope);
  }

  @Override
  public <C, R> R acceptNonlinear(NonlinearVisitor<C, R> visitor, C context) {
    return visitor.leakyRelu(this, context);
  }

  @Override
  public boolean isRectifier() {
    return true;
  }
}
