package dev.merlon.model.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalvingStepsTest {
  private static final double EPS = 0.3;
  private static final int STEPS = 100;
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void checkpoints_areThoseOfThePaper() {
    assertThat(HalvingSteps.checkpoints(100)).containsExactly(22, 41, 57, 70, 80, 87, 93, 99);
    assertThat(HalvingSteps.checkpoints(1000))
        .containsExactly(220, 410, 570, 700, 800, 870, 930, 990);
    assertThat(HalvingSteps.checkpoints(10)).containsExactly(3, 5, 6, 7, 8, 9, 10);
    assertThat(HalvingSteps.checkpoints(1)).containsExactly(1);
  }

  // Of 22 steps to the first checkpoint three quarters are 16.5.
  @ParameterizedTest
  @CsvSource({"16, true", "17, false"})
  void settle_lossRoseInTooFewSteps_halvesAndReturns(int rises, boolean halves) {
    HalvingSteps steps = steps();
    double loss = 0;
    for (int update = 0; update <= 21; update++) {
      loss += update > 0 && update <= rises ? 1 : 0;
      assertThat(settle(steps, loss, loss)).isFalse();
    }
    assertThat(settle(steps, loss, loss)).isEqualTo(halves);
    assertThat(size(steps)).isCloseTo(halves ? EPS : 2 * EPS, within(1e-12));
  }

  // The loss rises step by step, but the best one stays the first.
  @Test
  void settle_bestStaysSinceAStepThatWasNotHalved_halvesEverySecondTime() {
    HalvingSteps steps = steps();
    double[] sizes = new double[STEPS + 1];
    for (int update = 0; update <= STEPS; update++) {
      boolean back = settle(steps, update == 0 ? 1000 : update, 1000);
      sizes[update] = size(steps);
      assertThat(back).isEqualTo(update > 0 && sizes[update] < sizes[update - 1]);
    }
    assertThat(sizes[21]).isCloseTo(2 * EPS, within(1e-12));
    assertThat(sizes[22]).isCloseTo(EPS, within(1e-12));
    assertThat(sizes[41]).isCloseTo(EPS, within(1e-12));
    assertThat(sizes[57]).isCloseTo(EPS / 2, within(1e-12));
    assertThat(sizes[70]).isCloseTo(EPS / 2, within(1e-12));
    assertThat(sizes[80]).isCloseTo(EPS / 4, within(1e-12));
  }

  @Test
  void settle_returnedToTheBest_countsRisesFromThere() {
    HalvingSteps steps = steps();
    settle(steps, 50, 50);
    for (int update = 1; update <= 22; update++) {
      settle(steps, 0, 50);
    }
    // 40 is more than the iterate that was left, but less than the best point that it went on from;
    // 14 rises of 19 are too few, 15 would do.
    boolean back = false;
    for (int update = 23; update <= 41; update++) {
      double loss = update < 38 ? 17 + update : 0;
      back = settle(steps, loss, Math.max(50, loss));
    }
    assertThat(back).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"linf", "l2"})
  void move_anyScaleOfTheGradient_hasTheStepsSize(String norm) {
    Norm of = Norm.of(norm);
    for (double scale : new double[] {1e-30, 1, 1e20}) {
      AdaptiveSteps steps =
          of.adaptiveSteps(new AdaptiveSteps.Run(EPS, STEPS, 2, 3, Optional.empty()));
      double[] gradient = {3 * scale, -4 * scale, 0, 0, 0, 0};
      NDArray tensor = scope.tensor(gradient, DataType.FLOAT32, 2, 1, 1, 3);
      double[] move = HostTensor.copyOf(steps.move(tensor, scope)).toDoubles();
      assertThat(of.measure(new double[] {move[0], move[1], move[2]}))
          .isCloseTo(2 * EPS, within(1e-6));
      assertThat(move[0]).isPositive();
      assertThat(move[1]).isNegative();
      assertThat(move[2]).isZero();
      assertThat(new double[] {move[3], move[4], move[5]}).containsOnly(0);
    }
  }

  private static HalvingSteps steps() {
    return new HalvingSteps(new LInf(), new AdaptiveSteps.Run(EPS, STEPS, 1, 1, Optional.empty()));
  }

  private static boolean settle(HalvingSteps steps, double loss, double best) {
    return steps
        .settle(
            new AdaptiveSteps.Progress(
                new double[] {loss}, new double[] {best}, () -> new double[] {1}))[0];
  }

  private double size(HalvingSteps steps) {
    NDArray gradient = scope.tensor(new double[] {1}, DataType.FLOAT64, 1, 1);
    return HostTensor.copyOf(steps.move(gradient, scope)).toDoubles()[0];
  }
}
