package dev.merlon.model.network.operation;

/** The hyperbolic tangent per neuron. */
public record Tanh() implements Activation {
  @Override
  public <C, R> R acceptNonlinear(NonlinearVisitor<C, R> visitor, C context) {
    return visitor.tanh(this, context);
  }

  @Override
  public boolean isRectifier() {
    return false;
  }
}
