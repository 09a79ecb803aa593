package dev.merlon.model.network.operation;

/**
 * An operation that is not affine, and does not decrease in any of its inputs: a box is taken to
 * the box between the images of its corners, and backward bounds need a relaxation of it.
 */
public sealed interface Nonlinear extends Operation permits Activation, MaxPool {

  /** Calls the method of {@code visitor} for this operation. */
  <C, R> R acceptNonlinear(NonlinearVisitor<C, R> visitor, C context);

  @Override
  default <C, R> R accept(OperationVisitor<C, R> visitor, C context) {
    return visitor.nonlinear(this, context);
  }
}
