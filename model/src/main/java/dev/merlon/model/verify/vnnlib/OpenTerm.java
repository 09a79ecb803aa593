package dev.merlon.model.verify.vnnlib;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A parenthesis that is being read: its operator and the operands so far. A connective right inside
 * the same connective adds its operands to the outer one. Not thread-safe.
 */
final class OpenTerm {
  private final Operator operator;
  private final int line;
  private final int alternations;
  private final int arithmeticDepth;
  private final boolean joined;
  private final List<Formula> conditions;
  private final List<LinearSum> numbers = new ArrayList<>();
  private int operands;

  /** A term of its own, within {@code outer} if there is one. */
  OpenTerm(Operator operator, int line, Optional<OpenTerm> outer) {
    boolean connective = operator.kind() == Operator.Kind.CONNECTIVE;
    boolean arithmetic = operator.kind() == Operator.Kind.ARITHMETIC;
    this.operator = operator;
    this.line = line;
    this.joined = connective && outer.map(around -> around.operator == operator).orElse(false);
    this.conditions = joined ? outer.orElseThrow().conditions : new ArrayList<>();
    this.alternations =
        outer.map(around -> around.alternations).orElse(0) + (connective && !joined ? 1 : 0);
    this.arithmeticDepth =
        outer.map(around -> around.arithmeticDepth).orElse(0) + (arithmetic ? 1 : 0);
  }

  Operator operator() {
    return operator;
  }

  int line() {
    return line;
  }

  /** How often {@code and} and {@code or} take turns from the outermost term to this one. */
  int alternations() {
    return alternations;
  }

  int arithmeticDepth() {
    return arithmeticDepth;
  }

  boolean takesConditions() {
    return operator.kind() == Operator.Kind.CONNECTIVE;
  }

  void add(ParsedTerm operand) {
    operands++;
    if (operand instanceof LinearSum number) {
      numbers.add(number);
    } else if (operand instanceof Formula condition) {
      add(condition);
    }
  }

  /** Counts an operand that has added its own parts already. */
  void addJoined() {
    operands++;
  }

  private void add(Formula condition) {
    if (operator == Operator.AND && condition instanceof Formula.And and) {
      conditions.addAll(and.parts());
    } else if (operator == Operator.OR && condition instanceof Formula.Or or) {
      conditions.addAll(or.parts());
    } else {
      conditions.add(condition);
    }
  }

  /**
   * What the whole parenthesis means; nothing where its parts belong to the outer term already.
   *
   * @throws IllegalOperands when its operands do not fit the operator
   */
  Optional<ParsedTerm> close(IntPredicate isInput) {
    if (operands == 0) {
      throw new IllegalOperands("(" + operator.symbol() + ") without operands");
    }
    if (joined) {
      return Optional.empty();
    }
    return Optional.of(
        switch (operator.kind()) {
          case CONNECTIVE -> connected();
          case COMPARISON -> compared(isInput);
          case ARITHMETIC -> computed();
        });
  }

  private Formula connected() {
    if (conditions.size() == 1) {
      return conditions.get(0);
    }
    return operator == Operator.AND ? new Formula.And(conditions) : new Formula.Or(conditions);
  }

  // A chain (<= a b c) says a <= b and b <= c.
  private Formula compared(IntPredicate isInput) {
    if (numbers.size() < 2) {
      throw new IllegalOperands("(" + operator.symbol() + " …) with one operand");
    }
    List<Formula> parts = new ArrayList<>();
    for (int i = 1; i < numbers.size(); i++) {
      LinearSum left = numbers.get(i - 1);
      LinearSum right = numbers.get(i);
      boolean strict = operator == Operator.BELOW || operator == Operator.ABOVE;
      if (operator != Operator.AT_LEAST && operator != Operator.ABOVE) {
        parts.add(Formula.atMostZero(left.minus(right), strict, isInput));
      }
      if (operator != Operator.AT_MOST && operator != Operator.BELOW) {
        parts.add(Formula.atMostZero(right.minus(left), strict, isInput));
      }
    }
    return parts.size() == 1 ? parts.get(0) : new Formula.And(parts);
  }

  private LinearSum computed() {
    return switch (operator) {
      case PLUS -> LinearSum.total(numbers);
      case MINUS -> difference();
      case TIMES -> product();
      case OVER -> quotient();
      case AND, OR, AT_MOST, AT_LEAST, BELOW, ABOVE, EQUAL, SAME ->
          throw new IllegalStateException(operator + " computes no number");
    };
  }

  private LinearSum difference() {
    BigFraction minusOne = BigFraction.ONE.negate();
    LinearSum first = numbers.get(0);
    if (numbers.size() == 1) {
      return first.times(minusOne);
    }
    List<LinearSum> parts = new ArrayList<>(numbers.size());
    parts.add(first);
    numbers.subList(1, numbers.size()).forEach(part -> parts.add(part.times(minusOne)));
    return LinearSum.total(parts);
  }

  private LinearSum product() {
    LinearSum product = numbers.get(0);
    for (LinearSum factor : numbers.subList(1, numbers.size())) {
      if (!product.isConstant() && !factor.isConstant()) {
        throw new IllegalOperands("a product of variables, which is not linear");
      }
      product =
          factor.isConstant() ? product.times(factor.constant()) : factor.times(product.constant());
    }
    return product;
  }

  private LinearSum quotient() {
    if (numbers.size() < 2) {
      throw new IllegalOperands("(/ …) with one operand");
    }
    LinearSum quotient = numbers.get(0);
    for (LinearSum divisor : numbers.subList(1, numbers.size())) {
      if (!divisor.isConstant()) {
        throw new IllegalOperands("a division by a variable, which is not linear");
      }
      quotient = quotient.times(Fractions.quotient(BigFraction.ONE, divisor.constant()));
    }
    return quotient;
  }

  /** Operands that an operator does not take; the message says which. */
  static final class IllegalOperands extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IllegalOperands(String problem) {
      super(problem);
    }
  }
}
