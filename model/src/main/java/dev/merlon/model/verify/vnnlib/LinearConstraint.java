package dev.merlon.model.verify.vnnlib;

import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;

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
    List<Term> inputs, List<Term> outputs, BigFraction constant, boolean strict) {
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
  public record Term(int position, BigFraction coefficient) {}

  /** The exact value of the left side. */
  public BigFraction value(List<BigFraction> x, List<BigFraction> y) {
    return constant.add(total(inputs, x)).add(total(outputs, y));
  }

  private static BigFraction total(List<Term> terms, List<BigFraction> point) {
    BigFraction sum = BigFraction.ZERO;
    for (Term term : terms) {
      sum = sum.add(term.coefficient().multiply(point.get(term.position())));
    }
    return sum;
  }

  /** Whether exactly this point meets it. */
  public boolean holds(List<BigFraction> x, List<BigFraction> y) {
    int sign = value(x, y).signum();
    return sign < 0 || (sign == 0 && !strict);
  }
}
