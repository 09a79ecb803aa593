package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.verify.ladder.BoxSubproblem;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.specification.LinearConstraint.Term;
import dev.merlon.model.verify.vnnlib.Fractions;
import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;
import org.junit.jupiter.api.Test;

class ExclusionTest {
  private static final BigFraction THIRD = BigFraction.of(1, 3);
  private static final BoxSubproblem PART =
      new BoxSubproblem(new double[] {0.25}, new double[] {0.5}, List.of());
  private static final double[] LOWEST = {-6};
  private static final double[] HIGHEST = {2};

  /** {@code x_0 + y_0 / 3 + b <= 0} or, negated, {@code -x_0 + ...}. */
  private static LinearConstraint constraint(String b, boolean negated) {
    BigFraction one = negated ? BigFraction.ONE.negate() : BigFraction.ONE;
    return new LinearConstraint(
        List.of(new Term(0, one)),
        List.of(new Term(0, THIRD)),
        Fractions.parse(b).orElseThrow(),
        false);
  }

  @Test
  void goal_inputsAndInexactCoefficients_areMadeUpForExactly() {
    for (String b : new String[] {"-1", "0.1", "3.3e-5", "-0.25"}) {
      for (boolean negated : new boolean[] {false, true}) {
        LinearConstraint one = constraint(b, negated);
        BigFraction off = THIRD.subtract(BigFraction.from(Fractions.nearest(THIRD)));
        BigFraction size = (off.signum() < 0 ? off.negate() : off).multiply(BigFraction.from(6));
        BigFraction inputs = BigFraction.from(negated ? -0.5 : 0.25);
        BigFraction exact = one.constant().add(inputs).subtract(size).negate();

        double goal = Exclusion.goal(one, PART, LOWEST, HIGHEST);

        assertThat(BigFraction.from(goal).compareTo(exact)).isLessThanOrEqualTo(0);
        assertThat(BigFraction.from(Math.nextUp(goal)).compareTo(exact)).isPositive();
        assertThat(Exclusion.byRow(one, goal, PART, LOWEST, HIGHEST)).isFalse();
        assertThat(Exclusion.byRow(one, Math.nextUp(goal), PART, LOWEST, HIGHEST)).isTrue();
      }
    }
  }

  // y_0 + b <= 0 with y_0 from 0.5 on: met at 0.5 itself where b is -0.5.
  @Test
  void byOutputs_leftSideReachesZero_excludesNothing() {
    double[] lowest = {0.5};
    double[] highest = {1};
    for (boolean strict : new boolean[] {false, true}) {
      LinearConstraint tie = atMost("-0.5", strict);
      LinearConstraint above = atMost("-0.4999999999999999999999", strict);

      assertThat(Exclusion.byOutputs(tie, PART, lowest, highest)).isFalse();
      assertThat(Exclusion.byOutputs(above, PART, lowest, highest)).isTrue();
    }
  }

  private static LinearConstraint atMost(String b, boolean strict) {
    return new LinearConstraint(
        List.of(), List.of(new Term(0, BigFraction.ONE)), Fractions.parse(b).orElseThrow(), strict);
  }

  @Test
  void byRow_noBound_excludesNothing() {
    LinearConstraint one = constraint("9", false);
    assertThat(Exclusion.byRow(one, Double.NaN, PART, LOWEST, HIGHEST)).isFalse();
    assertThat(Exclusion.byRow(one, Double.POSITIVE_INFINITY, PART, LOWEST, HIGHEST)).isFalse();
    double[] unbounded = {Double.NEGATIVE_INFINITY};
    assertThat(Exclusion.byRow(one, 9, PART, unbounded, HIGHEST)).isFalse();
  }
}
