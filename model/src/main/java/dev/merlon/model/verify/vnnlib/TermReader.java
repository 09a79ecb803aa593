package dev.merlon.model.verify.vnnlib;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads one condition from tokens, with a stack of its own instead of recursion, so that the depth
 * of parentheses costs memory only and has a limit. Not thread-safe.
 */
final class TermReader {
  private static final int DEEPEST = 10_000;
  private static final int MOST_ALTERNATIONS = 100;
  private static final int DEEPEST_ARITHMETIC = 200;
  private static final int MOST_NESTED_CONDITIONS = 5_000_000;

  private final Tokens tokens;
  private final Declarations declarations;
  private final Deque<OpenTerm> open = new ArrayDeque<>();
  private int nestedConditions;

  TermReader(Tokens tokens, Declarations declarations) {
    this.tokens = tokens;
    this.declarations = declarations;
  }

  /** Reads a condition up to its last token. */
  Formula condition() throws IOException {
    int start = tokens.line();
    while (true) {
      Tokens.Kind kind = tokens.next();
      Optional<ParsedTerm> value =
          switch (kind) {
            case OPEN -> push();
            case CLOSE -> pop();
            case WORD -> Optional.of(word());
            case END -> throw tokens.refusedAt(start, "a command that is not closed");
          };
      if (value.isPresent()) {
        if (open.isEmpty()) {
          return whole(value.get());
        }
        add(open.element(), value.get());
      }
    }
  }

  private Formula whole(ParsedTerm value) {
    if (value instanceof Formula formula) {
      return formula;
    }
    throw tokens.refused("assert takes a condition, not a number");
  }

  private void add(OpenTerm outer, ParsedTerm value) {
    boolean condition = value instanceof Formula;
    if (condition != outer.takesConditions()) {
      String expected = outer.takesConditions() ? "conditions, not a number" : "numbers";
      throw tokens.refused("(" + outer.operator().symbol() + " …) takes " + expected);
    }
    if (condition && ++nestedConditions > MOST_NESTED_CONDITIONS) {
      throw tokens.refused(
          String.format(
              Locale.ROOT, "more than %,d conditions within and, or", MOST_NESTED_CONDITIONS));
    }
    outer.add(value);
  }

  private Optional<ParsedTerm> push() throws IOException {
    Tokens.Kind kind = tokens.next();
    if (kind != Tokens.Kind.WORD) {
      throw tokens.refused("an operator belongs after '(', not " + tokens.shown(kind));
    }
    Operator operator =
        Operator.named(tokens.word())
            .orElseThrow(() -> tokens.refused("unknown operator " + Refusal.quoted(tokens.word())));
    OpenTerm term = new OpenTerm(operator, tokens.line(), Optional.ofNullable(open.peek()));
    boolean tooDeep =
        open.size() >= DEEPEST
            || term.alternations() > MOST_ALTERNATIONS
            || term.arithmeticDepth() > DEEPEST_ARITHMETIC;
    if (tooDeep) {
      throw tokens.refused(
          String.format(
              Locale.ROOT,
              "nested too deeply (limits: %,d parentheses, %d turns of and, or, %d of arithmetic)",
              DEEPEST,
              MOST_ALTERNATIONS,
              DEEPEST_ARITHMETIC));
    }
    open.push(term);
    return Optional.empty();
  }

  private Optional<ParsedTerm> pop() {
    if (open.isEmpty()) {
      throw tokens.refused("assert without a condition");
    }
    OpenTerm term = open.pop();
    try {
      Optional<ParsedTerm> value = term.close(declarations::isInput);
      if (value.isEmpty()) {
        open.element().addJoined();
      }
      return value;
    } catch (OpenTerm.IllegalOperands | ArithmeticException e) {
      throw tokens.refusedAt(term.line(), String.valueOf(e.getMessage()));
    }
  }

  private ParsedTerm word() {
    String word = tokens.word();
    if (word.equals("true")) {
      return Formula.TRUE;
    }
    if (word.equals("false")) {
      return Formula.FALSE;
    }
    Optional<LinearSum> variable = declarations.find(word).map(LinearSum::variable);
    return variable.or(() -> number(word)).orElseThrow(() -> unknown(word));
  }

  private Optional<LinearSum> number(String word) {
    try {
      return Fractions.parse(word).map(LinearSum::of);
    } catch (ArithmeticException e) {
      throw tokens.refused(String.valueOf(e.getMessage()));
    }
  }

  private RuntimeException unknown(String word) {
    return tokens.refused(Refusal.quoted(word) + " is neither a number nor a declared variable");
  }
}
