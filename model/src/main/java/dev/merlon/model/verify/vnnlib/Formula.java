package dev.merlon.model.verify.vnnlib;

import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A condition as the text has it, over variables by number of their declaration. A conjunction of
 * nothing is true, a disjunction of nothing is false.
 */
sealed interface Formula extends ParsedTerm {
  /** Always true. */
  Formula TRUE = new And(List.of());

  /** Never true. */
  Formula FALSE = new Or(List.of());

  /** All parts hold. */
  record And(List<Formula> parts) implements Formula {}

  /** At least one part holds. */
  record Or(List<Formula> parts) implements Formula {}

  /**
   * One input at most ({@code upper}) or at least {@code value}, or less or more where it is
   * strict.
   */
  record Bound(int declaration, boolean upper, BigFraction value, boolean strict)
      implements Formula {}

  /** {@code sum <= 0}, or {@code sum < 0} where it is strict. */
  record AtMostZero(LinearSum sum, boolean strict) implements Formula {}

  /**
   * The condition {@code sum <= 0} in its simplest form.
   *
   * @param isInput whether a declaration is one of the inputs
   */
  static Formula atMostZero(LinearSum sum, boolean strict, IntPredicate isInput) {
    if (sum.isConstant()) {
      int sign = sum.constant().signum();
      return sign < 0 || (sign == 0 && !strict) ? TRUE : FALSE;
    }
    Map.Entry<Integer, BigFraction> first = sum.coefficients().entrySet().iterator().next();
    if (sum.coefficients().size() > 1 || !isInput.test(first.getKey())) {
      return new AtMostZero(sum, strict);
    }
    BigFraction value = sum.constant().negate().divide(first.getValue());
    return new Bound(first.getKey(), first.getValue().signum() > 0, value, strict);
  }
}
