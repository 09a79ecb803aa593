package dev.merlon.model.network.operation;

/** The logistic function {@code 1 / (1 + exp(-x))} per neuron. */
public record Sigmoid() implements Activation {
  @Override
  public <C, R> R acceptNonlinear(NonlinearVisitor<C, R> visitor, C context) {
    return visitor.sigmoid(this, context);
  }

  @Override
  public boolean isRectifier() {
    return false;
  }
}
