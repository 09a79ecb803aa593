package dev.merlon.model.verify.vnnlib;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A linear expression of the text: a constant and exact coefficients, none of them zero, of
 * variables by number of their declaration. Immutable.
 */
record LinearSum(SortedMap<Integer, BigFraction> coefficients, BigFraction constant)
    implements ParsedTerm {
  private static final SortedMap<Integer, BigFraction> NONE =
      java.util.Collections.unmodifiableSortedMap(new TreeMap<>());

  static LinearSum of(BigFraction constant) {
    return new LinearSum(NONE, constant);
  }

  static LinearSum variable(int declaration) {
    SortedMap<Integer, BigFraction> single = new TreeMap<>();
    single.put(declaration, BigFraction.ONE);
    return new LinearSum(single, BigFraction.ZERO);
  }

  static LinearSum total(List<LinearSum> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    SortedMap<Integer, BigFraction> sum = new TreeMap<>();
    BigFraction constant = BigFraction.ZERO;
    for (LinearSum part : parts) {
      constant = Fractions.requireSmall(constant.add(part.constant));
      for (Map.Entry<Integer, BigFraction> term : part.coefficients.entrySet()) {
        sum.merge(
            term.getKey(), term.getValue(), (one, other) -> Fractions.requireSmall(one.add(other)));
      }
    }
    sum.values().removeIf(coefficient -> coefficient.signum() == 0);
    return new LinearSum(sum, constant);
  }

  LinearSum minus(LinearSum other) {
    return total(List.of(this, other.times(BigFraction.ONE.negate())));
  }

  LinearSum times(BigFraction factor) {
    if (factor.signum() == 0) {
      return of(BigFraction.ZERO);
    }
    SortedMap<Integer, BigFraction> scaled = new TreeMap<>();
    coefficients.forEach(
        (variable, value) -> scaled.put(variable, Fractions.requireSmall(value.multiply(factor))));
    return new LinearSum(scaled, Fractions.requireSmall(constant.multiply(factor)));
  }

  boolean isConstant() {
    return coefficients.isEmpty();
  }
}
