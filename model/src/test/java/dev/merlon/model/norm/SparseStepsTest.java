package dev.merlon.model.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SparseStepsTest {
  private static final double EPS = 6;
  private static final int ENTRIES = 30;
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
  void move_atFirst_isTheRadiusOnAFifthOfTheEntries() {
    double[] move = move(steps(50, Optional.empty()));
    // Entries grow in size, with changing signs.
    double[] expected = new double[ENTRIES];
    for (int i = ENTRIES - 6; i < ENTRIES; i++) {
      expected[i] = i % 2 == 0 ? 1 : -1;
    }
    assertThat(move).containsExactly(expected, within(1e-12));
  }

  @Test
  void move_afterALargerBall_isOnTwoThirdsOfWhatMovedThere() {
    double[] move = move(steps(50, Optional.of(new double[] {12})));
    assertThat(Arrays.stream(move).filter(value -> value != 0).count()).isEqualTo(8);
    assertThat(Arrays.stream(move).map(Math::abs).sum()).isCloseTo(EPS, within(1e-12));
  }

  // Of 50 steps, every second one is followed by a look back.
  @Test
  void settle_bestPointsGetSparser_stepIsTheRadiusAgainElseItShrinks() {
    SparseSteps steps = steps(50, Optional.empty());
    assertThat(settle(steps, 30)).isFalse();
    assertThat(settle(steps, 30)).isFalse();
    // 29 of 30 are not clearly fewer: 20 entries, a smaller step.
    assertThat(settle(steps, 29)).isFalse();
    assertMove(steps, 20, EPS / 1.5);
    assertThat(settle(steps, 29)).isFalse();
    assertThat(settle(steps, 15)).isTrue();
    assertMove(steps, 10, EPS);
    for (int update = 5; update <= 40; update++) {
      assertThat(settle(steps, 15)).isFalse();
    }
    assertMove(steps, 10, EPS / 10);
  }

  @Test
  void move_zeroGradient_isZero() {
    NDArray zero = scope.tensor(new double[ENTRIES], DataType.FLOAT64, 1, 1, 5, 6);
    double[] move = HostTensor.copyOf(steps(50, Optional.empty()).move(zero, scope)).toDoubles();
    assertThat(move).containsOnly(0);
  }

  private void assertMove(SparseSteps steps, int entries, double length) {
    double[] move = move(steps);
    assertThat(Arrays.stream(move).filter(value -> value != 0).count()).isEqualTo(entries);
    assertThat(Arrays.stream(move).map(Math::abs).sum()).isCloseTo(length, within(1e-12));
  }

  private double[] move(SparseSteps steps) {
    double[] gradient = new double[ENTRIES];
    Arrays.setAll(gradient, i -> (i % 2 == 0 ? 1 : -1) * (i + 1));
    NDArray tensor = scope.tensor(gradient, DataType.FLOAT64, 1, 1, 5, 6);
    return HostTensor.copyOf(steps.move(tensor, scope)).toDoubles();
  }

  private static SparseSteps steps(int steps, Optional<double[]> moved) {
    return new SparseSteps(new AdaptiveSteps.Run(EPS, steps, 1, ENTRIES, moved));
  }

  private static boolean settle(SparseSteps steps, double moved) {
    return steps
        .settle(
            new AdaptiveSteps.Progress(new double[1], new double[1], () -> new double[] {moved}))[
        0];
  }
}
