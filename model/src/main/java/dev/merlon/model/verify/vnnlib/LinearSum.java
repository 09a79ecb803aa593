package dev.merlon.model.verify.vnnlib;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A linear expression of the text: a constant and exact coefficients, none of them zero, of
 * variables by number of their declaration. Immutable.
 */
record LinearSum(SortedMap<Integer, Rational> coefficients, Rational constant)
    implements ParsedTerm {
  private static final SortedMap<Integer, Rational> NONE =
      java.util.Collections.unmodifiableSortedMap(new TreeMap<>());

  static LinearSum of(Rational constant) {
    return new LinearSum(NONE, constant);
  }

  static LinearSum variable(int declaration) {
    SortedMap<Integer, Rational> single = new TreeMap<>();
    single.put(declaration, Rational.ONE);
    return new LinearSum(single, Rational.ZERO);
  }

  static LinearSum total(List<LinearSum> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    SortedMap<Integer, Rational> sum = new TreeMap<>();
    Rational constant = Rational.ZERO;
    for (LinearSum part : parts) {
      constant = constant.plus(part.constant);
      for (Map.Entry<Integer, Rational> term : part.coefficients.entrySet()) {
        sum.merge(term.getKey(), term.getValue(), Rational::plus);
      }
    }
    sum.values().removeIf(coefficient -> coefficient.signum() == 0);
    return new LinearSum(sum, constant);
  }

  LinearSum minus(LinearSum other) {
    return total(List.of(this, other.times(Rational.ONE.negate())));
  }

  LinearSum times(Rational factor) {
    if (factor.signum() == 0) {
      return of(Rational.ZERO);
    }
    SortedMap<Integer, Rational> scaled = new TreeMap<>();
    coefficients.forEach((variable, value) -> scaled.put(variable, value.times(factor)));
    return new LinearSum(scaled, constant.times(factor));
  }

  boolean isConstant() {
    return coefficients.isEmpty();
  }
}
