package dev.merlon.model.verify.specification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.verify.specification.Specification.Region;
import dev.merlon.model.verify.vnnlib.VnnLib;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecificationTest {
  private static final String TENSORS =
      "(declare-const X_0 Real)(declare-const Y_0 Real)(declare-const Y_1 Real)"
          + "(declare-const Y_2 Real)(assert (>= X_0 0))(assert (<= X_0 1))";

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void ahead_outputsWithAnyOtherAhead_areCounterexamples(int label) {
    for (double first : new double[] {-1, 0, 0.5, 1}) {
      for (double second : new double[] {-1, 0.5, 1}) {
        for (double third : new double[] {-0.5, 0.5, 2}) {
          double[] outputs = {first, second, third};
          boolean ahead = true;
          for (int other = 0; other < outputs.length; other++) {
            ahead &= other == label || outputs[label] > outputs[other];
          }
          assertThat(refuted(label, outputs)).isEqualTo(!ahead);
        }
      }
    }
  }

  @Test
  void ahead_tie_isACounterexample() {
    assertThat(refuted(1, 0.25, 1, 1)).isTrue();
    assertThat(refuted(1, 0.25, Math.nextUp(1.0), 1)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void ahead_sameInVnnLib_isTheSame(int label) {
    assertThat(cases(label, ">=")).isEqualTo(Set.copyOf(ahead(label).cases()));
    assertThat(cases(label, ">")).doesNotContainAnyElementsOf(ahead(label).cases());
  }

  @Test
  void row_coefficientsWithoutFloat64_areTheNearest() {
    BigFraction third = BigFraction.of(1, 3);
    LinearConstraint one =
        new LinearConstraint(
            List.of(),
            List.of(new LinearConstraint.Term(2, third.negate())),
            BigFraction.ZERO,
            true);

    assertThat(one.row(4)).containsExactly(0, 0, -1.0 / 3, 0);
  }

  private static Set<Conjunction> cases(int label, String sign) {
    StringBuilder text = new StringBuilder(TENSORS).append("(assert (or");
    for (int other = 0; other < 3; other++) {
      if (other != label) {
        text.append(String.format(Locale.ROOT, " (%s Y_%d Y_%d)", sign, other, label));
      }
    }
    List<Conjunction> cases =
        VnnLib.parse(text.append("))").toString(), "ahead.vnnlib")
            .specification()
            .regions()
            .get(0)
            .cases();
    return new HashSet<>(cases);
  }

  private static Region<String> ahead(int label) {
    return Specification.ahead("anywhere", label, 3).regions().get(0);
  }

  private static boolean refuted(int label, double... outputs) {
    List<BigFraction> y = Arrays.stream(outputs).mapToObj(BigFraction::from).toList();
    return ahead(label).cases().stream().anyMatch(wanted -> wanted.holds(List.of(), y));
  }
}
