package dev.merlon.model.verify.vnnlib;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What may stand behind an opening parenthesis of a term. */
enum Operator {
  AND("and", Kind.CONNECTIVE),
  OR("or", Kind.CONNECTIVE),
  AT_MOST("<=", Kind.COMPARISON),
  AT_LEAST(">=", Kind.COMPARISON),
  BELOW("<", Kind.COMPARISON),
  ABOVE(">", Kind.COMPARISON),
  EQUAL("=", Kind.COMPARISON),
  SAME("==", Kind.COMPARISON),
  PLUS("+", Kind.ARITHMETIC),
  MINUS("-", Kind.ARITHMETIC),
  TIMES("*", Kind.ARITHMETIC),
  OVER("/", Kind.ARITHMETIC);

  private static final Map<String, Operator> BY_SYMBOL =
      Arrays.stream(values()).collect(Collectors.toMap(Operator::symbol, Function.identity()));

  private final String symbol;
  private final Kind kind;

  Operator(String symbol, Kind kind) {
    this.symbol = symbol;
    this.kind = kind;
  }

  /** What an operator takes and gives. */
  enum Kind {
    /** Conditions to a condition. */
    CONNECTIVE,
    /** Numbers to a condition. */
    COMPARISON,
    /** Numbers to a number. */
    ARITHMETIC
  }

  static Optional<Operator> named(String symbol) {
    return Optional.ofNullable(BY_SYMBOL.get(symbol));
  }

  String symbol() {
    return symbol;
  }

  Kind kind() {
    return kind;
  }
}
