package dev.merlon.model.verify.vnnlib;

import dev.merlon.model.verify.specification.Specification;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the commands of a text one by one. Bounds of single inputs that are asserted outright go
 * into the common box at once; other conditions are kept until the end. Not thread-safe.
 */
final class PropertyParser {
  private static final Set<String> WITHOUT_MEANING =
      Set.of("set-logic", "set-info", "set-option", "check-sat", "get-model", "exit");
  private static final int MOST_VARIABLES = 20_000_000;

  private final Tokens tokens;
  private final String name;
  private final Declarations declarations = new Declarations();
  private final TermReader terms;
  private final Map<Integer, Interval> bounds = new HashMap<>();
  private final List<Formula> conditions = new ArrayList<>();

  PropertyParser(Tokens tokens, String name) {
    this.tokens = tokens;
    this.name = name;
    this.terms = new TermReader(tokens, declarations);
  }

  /** Reads the whole text. */
  VnnLibProperty parse() throws IOException {
    Tokens.Kind kind = tokens.next();
    while (kind != Tokens.Kind.END) {
      if (kind != Tokens.Kind.OPEN) {
        throw tokens.refused(
            "a command such as (assert …) belongs here, not " + tokens.shown(kind));
      }
      command();
      kind = tokens.next();
    }
    return normalForm();
  }

  private void command() throws IOException {
    int start = tokens.line();
    String command = word("a command");
    if (WITHOUT_MEANING.contains(command)) {
      skip(start);
      return;
    }
    switch (command) {
      case "assert" -> keep(terms.condition());
      case "declare-const" -> declareVariable(word("a name"));
      case "declare-fun" -> {
        String variable = word("a name");
        expect(Tokens.Kind.OPEN);
        expect(Tokens.Kind.CLOSE);
        declareVariable(variable);
      }
      case "vnnlib-version" -> requireVersion(word("a version"));
      case "declare-network" -> declareNetwork();
      default -> throw tokens.refused("unknown command " + Refusal.quoted(command));
    }
    Tokens.Kind end = tokens.next();
    if (end == Tokens.Kind.END) {
      throw tokens.refusedAt(start, "a command that is not closed");
    }
    if (end != Tokens.Kind.CLOSE) {
      throw tokens.refused(") belongs here, not " + tokens.shown(end));
    }
  }

  private void keep(Formula condition) {
    List<Formula> parts = condition instanceof Formula.And and ? and.parts() : List.of(condition);
    for (Formula part : parts) {
      if (part instanceof Formula.Bound bound) {
        Interval.End end = new Interval.End(bound.value(), bound.strict());
        bounds.merge(
            bound.declaration(),
            Interval.ALL.cut(bound.upper(), end),
            (before, ignored) -> before.cut(bound.upper(), end));
      } else {
        conditions.add(part);
      }
    }
  }

  private void declareVariable(String variable) throws IOException {
    requireReal(word("a type"));
    declarations.declare(variable).ifPresent(this::refuse);
  }

  // VNN-LIB 2.0 with one network that has one input and one output.
  private void declareNetwork() throws IOException {
    word("a name");
    declareTensor("declare-input", true);
    declareTensor("declare-output", false);
  }

  private void declareTensor(String command, boolean input) throws IOException {
    expect(Tokens.Kind.OPEN);
    String found = word(command);
    if (!found.equals(command)) {
      refuse("only networks of one declare-input and one declare-output are supported");
    }
    String tensor = word("a name");
    requireReal(word("a type"));
    int[] shape = shape(word("a shape such as [1,3]"));
    declarations.declare(tensor, input, shape).ifPresent(this::refuse);
    expect(Tokens.Kind.CLOSE);
  }

  private int[] shape(String text) {
    if (!text.matches("\\[([1-9][0-9]{0,7}(,[1-9][0-9]{0,7}){0,7})?\\]")) {
      throw tokens.refused(Refusal.quoted(text) + " is no shape such as [1,3]");
    }
    String inner = text.substring(1, text.length() - 1);
    int[] shape =
        inner.isEmpty()
            ? new int[0]
            : Arrays.stream(inner.split(",")).mapToInt(Integer::parseInt).toArray();
    double size = Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
    if (size > MOST_VARIABLES) {
      throw tokens.refused(
          String.format(Locale.ROOT, "a tensor of more than %,d elements", MOST_VARIABLES));
    }
    return shape;
  }

  private void requireReal(String type) {
    if (!type.equals("Real") && !type.equals("real")) {
      throw tokens.refused(Refusal.quoted(type) + " is not supported: variables are Real");
    }
  }

  private void requireVersion(String version) {
    if (!version.matches("<[12]\\.[0-9]{1,3}>")) {
      throw tokens.refused(Refusal.quoted(version) + " is no supported version of VNN-LIB");
    }
  }

  private void skip(int start) throws IOException {
    for (int depth = 1; depth > 0; ) {
      switch (tokens.next()) {
        case OPEN -> depth++;
        case CLOSE -> depth--;
        case WORD -> {}
        case END -> throw tokens.refusedAt(start, "a command that is not closed");
      }
    }
  }

  private String word(String expected) throws IOException {
    Tokens.Kind kind = tokens.next();
    if (kind != Tokens.Kind.WORD) {
      throw tokens.refused(expected + " belongs here, not " + tokens.shown(kind));
    }
    return tokens.word();
  }

  private void expect(Tokens.Kind expected) throws IOException {
    Tokens.Kind kind = tokens.next();
    if (kind != expected) {
      throw tokens.refused(tokens.shown(expected) + " belongs here, not " + tokens.shown(kind));
    }
  }

  private void refuse(String problem) {
    throw tokens.refused(problem);
  }

  private VnnLibProperty normalForm() {
    try {
      Declarations.Layout inputs = declarations.layout(true);
      Declarations.Layout outputs = declarations.layout(false);
      List<Interval> common =
          new ArrayList<>(Collections.nCopies(inputs.tensor().size(), Interval.ALL));
      inputs
          .positions()
          .forEach(
              (declaration, position) ->
                  Optional.ofNullable(bounds.remove(declaration))
                      .ifPresent(interval -> common.set(position, interval)));
      NormalForm form = new NormalForm(inputs, outputs, List.copyOf(common));
      Specification<InputBox> specification =
          new Specification<>(form.regions(new Formula.And(conditions)));
      return new VnnLibProperty(
          name, inputs.tensor(), outputs.tensor(), specification, form.remarks());
    } catch (Declarations.IncompleteTensor | NormalForm.Unusable e) {
      throw Refusal.of(name + ": " + e.getMessage());
    }
  }
}
