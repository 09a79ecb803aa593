package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;

/**
 * Linear functions of the operand that bound a nonlinear operation from below and above over the
 * operand's box. Tensors belong to whoever made the relaxation.
 */
public sealed interface Relaxation permits Lines, RowLines, Selection {

  /**
   * Carries lower bounds from the operation's value to its operand: positive coefficients take the
   * lower function, negative ones the upper. Adds the functions' constants to {@code form}.
   *
   * @param a coefficients on the value, {@code [N or 1, R, ...]}
   * @return coefficients on the operand, {@code [N, R, ...]}
   */
  NDArray adjoint(NDArray a, LinearForm form);
}
