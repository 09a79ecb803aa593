package dev.merlon.model.verify.vnnlib;

import java.util.List;

/**
 * The condition {@code sum a_i x_i + sum c_j y_j + b <= 0}, or {@code < 0} where it is strict, with
 * exact coefficients that are not zero. A proof may take a strict one for the other, since it then
 * excludes more; a witness has to meet it as it is.
 *
 * @param inputs the terms of inputs
 * @param outputs the terms of outputs
 * @param constant {@code b}
 */
public record LinearConstraint(
    List<Term> inputs, List<Term> outputs, Rational constant, boolean strict) {
  /** Keeps copies. */
  public LinearConstraint {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * A coefficient of one element.
   *
   * @param position of the element in its tensor, row-major
   */
  public record Term(int position, Rational coefficient) {}

  /** The exact value of the left side. */
  public Rational value(List<Rational> x, List<Rational> y) {
    return constant.plus(total(inputs, x)).plus(total(outputs, y));
  }

  private static Rational total(List<Term> terms, List<Rational> point) {
    Rational sum = Rational.ZERO;
    for (Term term : terms) {
      sum = sum.plus(term.coefficient().times(point.get(term.position())));
    }
    return sum;
  }

  /** Whether exactly this point meets it. */
  public boolean holds(List<Rational> x, List<Rational> y) {
    int sign = value(x, y).signum();
    return sign < 0 || (sign == 0 && !strict);
  }
}
