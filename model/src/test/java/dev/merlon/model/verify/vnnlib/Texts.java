package dev.merlon.model.verify.vnnlib;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;

/** Short properties for tests. */
final class Texts {
  private Texts() {}

  /** Declarations of some inputs and outputs and then these lines. */
  static String with(int inputs, int outputs, String... lines) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < inputs; i++) {
      text.append("(declare-const X_").append(i).append(" Real)\n");
    }
    for (int j = 0; j < outputs; j++) {
      text.append("(declare-const Y_").append(j).append(" Real)\n");
    }
    return text.append(String.join("\n", lines)).append('\n').toString();
  }

  /** Two inputs in [-10,10], two outputs, and then these lines. */
  static VnnLibProperty boxed(String... lines) {
    String box =
        """
        (assert (and (>= X_0 -10) (<= X_0 10)))
        (assert (>= X_1 (- 10)))
        (assert (<= X_1 10))
        """;
    return VnnLib.parse(with(2, 2, box + String.join("\n", lines)), "test.vnnlib");
  }

  /** Whether two inputs and two outputs, given as decimals, are a counterexample. */
  static boolean violated(VnnLibProperty property, String... point) {
    List<BigFraction> all =
        Arrays.stream(point).map(text -> Fractions.parse(text).orElseThrow()).toList();
    int inputs = property.inputs().size();
    return property.violatedAt(all.subList(0, inputs), all.subList(inputs, all.size()));
  }
}
