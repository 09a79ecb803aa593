package dev.merlon.model.network.operation;

/**
 * What an interpretation does for each kind of nonlinear operation.
 *
 * @param <C> what the interpretation needs to know
 * @param <R> what it gives
 */
public interface NonlinearVisitor<C, R> {
  /** Rectifier. */
  R relu(Relu operation, C context);

  /** Leaky rectifier. */
  R leakyRelu(LeakyRelu operation, C context);

  /** Logistic function. */
  R sigmoid(Sigmoid operation, C context);

  /** Hyperbolic tangent. */
  R tanh(Tanh operation, C context);

  /** Largest value of each window. */
  R maxPool(MaxPool operation, C context);
}
