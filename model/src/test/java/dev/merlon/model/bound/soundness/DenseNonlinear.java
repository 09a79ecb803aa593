package dev.merlon.model.bound.soundness;

/** A nonlinear step of a dense network: its box and its relaxation, one mistake planted. */
sealed interface DenseNonlinear extends DenseNetwork.Step
    permits DenseRectifier, DenseCurve, DenseMaximum {

  /** Number of the value it takes. */
  int operand();

  /** Where its value is when the operand is between these ends. */
  Ends image(Ends operand, Fault fault);

  /**
   * Coefficients on the operand whose functions are below those of coefficients on the value.
   *
   * @param a {@code [rows][width of the value]}
   * @param operand bounds of the operand
   * @param constant of each row, which the relaxation's constants are added to
   */
  double[][] back(double[][] a, Ends operand, double[] constant, Fault fault);
}
