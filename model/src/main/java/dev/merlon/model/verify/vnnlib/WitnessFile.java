package dev.merlon.model.verify.vnnlib;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Witnesses as the verification competition writes them: a line {@code sat}, then {@code ((X_0 0.5)
 * … (Y_0 -1.25) …)} with every variable of the property by its name.
 */
public final class WitnessFile {
  private static final int LONGEST_PLAIN = 24;

  private WitnessFile() {}

  /** The text of a witness, with a line end at its end. */
  public static String text(VnnLibProperty property, Witness witness) {
    StringBuilder text = new StringBuilder("sat\n(");
    List<String> names =
        Stream.concat(property.inputs().names().stream(), property.outputs().names().stream())
            .toList();
    List<BigDecimal> values =
        Stream.concat(witness.inputs().stream(), witness.outputs().stream()).toList();
    for (int i = 0; i < names.size(); i++) {
      text.append(i == 0 ? "" : "\n ");
      text.append('(').append(names.get(i)).append(' ');
      text.append(text(values.get(i))).append(')');
    }
    return text.append(")\n").toString();
  }

  // Plain where that is not long.
  private static String text(BigDecimal value) {
    String plain = value.toPlainString();
    return plain.length() <= LONGEST_PLAIN ? plain : value.toString();
  }

  /**
   * Reads a witness of a property; the line {@code sat} may be missing.
   *
   * @param name what the text is called in messages
   * @throws MerlonException (data) when it is none
   */
  public static Witness parse(VnnLibProperty property, String text, String name) {
    try {
      Map<String, BigDecimal> values = values(new Tokens(new StringReader(text), name));
      List<BigDecimal> inputs = take(values, property.inputs(), name);
      List<BigDecimal> outputs = take(values, property.outputs(), name);
      if (!values.isEmpty()) {
        throw Refusal.of(
            "%s: the property has no variable %s"
                .formatted(name, Refusal.quoted(values.keySet().iterator().next())));
      }
      return new Witness(inputs, outputs);
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
  }

  private static Map<String, BigDecimal> values(Tokens tokens) throws IOException {
    Map<String, BigDecimal> values = new HashMap<>();
    Tokens.Kind kind = tokens.next();
    if (kind == Tokens.Kind.WORD && tokens.word().equals("sat")) {
      kind = tokens.next();
    }
    require(tokens, kind, Tokens.Kind.OPEN);
    kind = tokens.next();
    while (kind == Tokens.Kind.OPEN) {
      require(tokens, tokens.next(), Tokens.Kind.WORD);
      String variable = tokens.word();
      require(tokens, tokens.next(), Tokens.Kind.WORD);
      if (values.put(variable, number(tokens)) != null) {
        throw tokens.refused(Refusal.quoted(variable) + " is there twice");
      }
      require(tokens, tokens.next(), Tokens.Kind.CLOSE);
      kind = tokens.next();
    }
    require(tokens, kind, Tokens.Kind.CLOSE);
    require(tokens, tokens.next(), Tokens.Kind.END);
    return values;
  }

  private static BigDecimal number(Tokens tokens) {
    try {
      return Fractions.decimal(tokens.word())
          .orElseThrow(() -> tokens.refused(Refusal.quoted(tokens.word()) + " is no number"));
    } catch (ArithmeticException e) {
      throw tokens.refused(String.valueOf(e.getMessage()));
    }
  }

  private static void require(Tokens tokens, Tokens.Kind found, Tokens.Kind expected) {
    if (found != expected) {
      throw tokens.refused("a witness is ((X_0 0.5) (Y_0 1)), without " + tokens.shown(found));
    }
  }

  private static List<BigDecimal> take(
      Map<String, BigDecimal> values, DeclaredTensor tensor, String name) {
    return tensor.names().stream()
        .map(
            variable -> {
              BigDecimal value = values.remove(variable);
              if (value == null) {
                throw Refusal.of(name + ": " + variable + " is missing");
              }
              return value;
            })
        .toList();
  }
}
