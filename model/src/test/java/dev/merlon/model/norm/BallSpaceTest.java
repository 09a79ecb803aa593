package dev.merlon.model.norm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.attack.StartPoints;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BallSpaceTest {
  private static final NormBall BALL = new NormBall(new LInf(), 0.2, true);
  // Half widths of the clipped set: 0.1, 0.2, 0.15.
  private static final double[] X = {0, 0.5, 0.9};
  private static final double[] HALF_WIDTH = {0.1, 0.2, 0.15};

  @ParameterizedTest
  @EnumSource
  void start_notClamped_isUniformOverEachPixelsHalfWidth(StepWidth width) {
    double[] farthest = new double[X.length];
    try (Scope scope = Scope.open("test")) {
      AttackSpace step = BALL.attackSpace(x(scope), width);
      for (int draw = 0; draw < 300; draw++) {
        double[] start = values(step.start(random(draw), false, scope));
        for (int i = 0; i < X.length; i++) {
          farthest[i] = Math.max(farthest[i], Math.abs(start[i] - X[i]));
        }
      }
    }
    for (int i = 0; i < X.length; i++) {
      assertThat(farthest[i]).isBetween(0.95 * HALF_WIDTH[i], HALF_WIDTH[i]);
    }
  }

  @Test
  void start_clamped_liesInTheSet() {
    try (Scope scope = Scope.open("test")) {
      AttackSpace step = BALL.attackSpace(x(scope), StepWidth.PER_PIXEL);
      for (int draw = 0; draw < 100; draw++) {
        double[] start = values(step.start(random(draw), true, scope));
        for (int i = 0; i < X.length; i++) {
          assertThat(start[i]).isBetween(Math.max(0, X[i] - 0.2), Math.min(1, X[i] + 0.2));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("roundNorms")
  void start_ballThatIsNoBox_reachesDifferentLengths(Norm norm) {
    NormBall ball = new NormBall(norm, 0.2, false);
    double shortest = 1;
    double longest = 0;
    try (Scope scope = Scope.open("test")) {
      AttackSpace step = ball.attackSpace(x(scope), StepWidth.PER_PIXEL);
      for (int draw = 0; draw < 200; draw++) {
        double[] change = values(step.start(random(draw), true, scope).sub(x(scope)));
        double length = ball.norm().measure(change);
        shortest = Math.min(shortest, length);
        longest = Math.max(longest, length);
      }
    }
    assertThat(shortest).isLessThan(0.02);
    assertThat(longest).isBetween(0.18, 0.2 + 1e-9);
  }

  @Test
  void next_zeroGradient_staysWhereItIs() {
    try (Scope scope = Scope.open("test")) {
      NDArray point = scope.tensor(new double[] {0.05, 0.6, 0.8}, DataType.FLOAT64, 1, 3);
      for (Norm norm : Norms.ALL) {
        NormBall set = new NormBall(norm, 0.5, true);
        AttackSpace step = set.attackSpace(x(scope), StepWidth.PER_PIXEL);
        double[] next = values(step.next(point, point.zerosLike(), 1, scope));
        assertThat(next).containsExactly(new double[] {0.05, 0.6, 0.8}, Offset.offset(1e-12));
      }
    }
  }

  static Stream<Norm> roundNorms() {
    return Norms.ALL.stream().filter(norm -> !norm.ballIsBox());
  }

  private static NDArray x(Scope scope) {
    return scope.tensor(X, DataType.FLOAT64, 1, 3);
  }

  private static StartPoints random(long draw) {
    return StartPoints.shared(CounterRandom.of(1, 0, draw, CounterRandom.Role.ATTACK));
  }

  private static double[] values(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
