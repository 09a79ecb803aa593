package dev.merlon.model.verify.specification;

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
  public record Term(int position, BigFraction coefficient) {
    /** The coefficient as the float64 number that is nearest. */
    public double nearest() {
      return coefficient.doubleValue();
    }
  }

  /**
   * That a class is not ahead of another: the output of {@code label} is at most that of {@code
   * other}.
   */
  public static LinearConstraint notAhead(int label, int other) {
    Term plus = new Term(label, BigFraction.ONE);
    Term minus = new Term(other, BigFraction.ONE.negate());
    List<Term> terms = label < other ? List.of(plus, minus) : List.of(minus, plus);
    return new LinearConstraint(List.of(), terms, BigFraction.ZERO, false);
  }

  /** Whether it only compares two outputs. */
  public boolean isComparison() {
    return inputs.isEmpty() && constant.signum() == 0 && outputs.size() == 2;
  }

  /**
   * The coefficients of the outputs, each the float64 number that is nearest.
   *
   * @param length number of outputs
   */
  public double[] row(int length) {
    double[] row = new double[length];
    outputs.forEach(term -> row[term.position()] = term.nearest());
    return row;
  }

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
