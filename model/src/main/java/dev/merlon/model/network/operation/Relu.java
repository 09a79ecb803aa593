package dev.merlon.model.network.operation;

/** {@code max(x, 0)} per neuron. */
public record Relu() implements Activation {
  @Override
  public <C, R> R acceptNonlinear(NonlinearVisitor<C, R> visitor, C context) {
    return visitor.relu(this, context);
  }

  @Override
  public boolean isRectifier() {
    return true;
  }
}
