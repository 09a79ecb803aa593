package dev.merlon.model.attack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.config.objective.TapsSettings.Estimator;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LatentSplit;
import dev.merlon.model.network.Network;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LatentPgdTest {
  private static final double EPS = 0.2;

  @AfterEach
  void nothingLeft() {
    assertThat(NativeMemory.openScopes()).doesNotContainKeys("latent search", "latent step");
  }

  // Behind the last rectifier the network is affine: each margin's worst point is a corner, and its
  // margin the interval bound.
  @Test
  void search_affineTail_findsTheCornerOfEveryMargin() {
    withSearch(
        "mlp_bn_train",
        search -> {
          int last = search.network().output().inputs().get(0);
          NDArray found = search.margins(last, Estimator.MULTI, attack(5, 1));
          NDArray bounds = search.trace.marginLowerBounds(search.setup.labels());
          assertThat(doubles(found)).containsExactly(doubles(bounds), Offset.offset(1e-12));
        });
  }

  @ParameterizedTest
  @EnumSource(Estimator.class)
  void search_anyTail_staysInTheBoxAndIsNoBound(Estimator estimator) {
    withSearch(
        "conv_stride2",
        search -> {
          int cut = LatentSplit.of(search.network(), 2).value();
          NDArray points = search.points(cut, estimator, attack(10, 2));
          NDArray lower = search.trace.box(cut).lower().expandDims(1);
          NDArray upper = search.trace.box(cut).upper().expandDims(1);
          assertThat(points.getShape().get(1)).isEqualTo(estimator.points(5));
          assertThat(points.gte(lower).all().getBoolean()).isTrue();
          assertThat(points.lte(upper).all().getBoolean()).isTrue();
          double[] found = doubles(search.margins(cut, estimator, attack(10, 2)));
          double[] bounds = doubles(search.trace.marginLowerBounds(search.setup.labels()));
          for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isGreaterThanOrEqualTo(bounds[i] - 1e-12);
          }
        });
  }

  @Test
  void search_moreStepsAndRestarts_neverFindsLessForAnyMargin() {
    withSearch(
        "conv_stride2",
        search -> {
          int cut = LatentSplit.of(search.network(), 3).value();
          double[] start = doubles(search.margins(cut, Estimator.MULTI, attack(1, 1)));
          double[] one = doubles(search.margins(cut, Estimator.MULTI, attack(12, 1)));
          double[] three = doubles(search.margins(cut, Estimator.MULTI, attack(12, 3)));
          double gained = 0;
          for (int i = 0; i < one.length; i++) {
            assertThat(three[i]).isLessThanOrEqualTo(one[i]);
            gained += start[i] - three[i];
          }
          assertThat(gained).isGreaterThan(0.1);
        });
  }

  @Test
  void search_singlePoint_losesNoMoreThanPointsOfTheirOwn() {
    withSearch(
        "conv_stride2",
        search -> {
          int cut = LatentSplit.of(search.network(), 3).value();
          double many = worst(search.margins(cut, Estimator.MULTI, attack(20, 2)));
          double one = worst(search.margins(cut, Estimator.SINGLE, attack(20, 2)));
          assertThat(many).isLessThan(one);
        });
  }

  @Test
  void search_sameKey_findsTheSameBits() {
    withSearch(
        "conv_stride2",
        search -> {
          int cut = LatentSplit.of(search.network(), 2).value();
          assertThat(doubles(search.points(cut, Estimator.MULTI, attack(3, 2))))
              .isEqualTo(doubles(search.points(cut, Estimator.MULTI, attack(3, 2))));
        });
  }

  private static double worst(NDArray margins) {
    return margins.min(new int[] {1}).mean().getDouble();
  }

  private static double[] doubles(NDArray value) {
    return HostTensor.copyOf(value).toDoubles();
  }

  private static AttackSettings attack(int steps, int restarts) {
    double size = Math.max(0.2, 2.0 / steps);
    StepDecay decay =
        new StepDecay(0.2, 0, steps < 10 ? java.util.List.of() : java.util.List.of(0.7));
    return new AttackSettings(steps, restarts, size, decay, AttackStatistics.BATCH, true);
  }

  private static void withSearch(String name, Consumer<Searched> check) {
    GoldenCase golden = GoldenCases.bundled(name);
    try (Scope scope = Scope.open("test")) {
      Autograd.withoutGradients(
          () -> {
            GoldenCase.Setup setup = golden.open(scope, false);
            NormBall set = new NormBall(new LInf(), EPS, true);
            BoxTrace trace = BoxPropagation.over(setup.live(), setup.x(), set);
            check.accept(new Searched(scope, setup, trace));
            return trace;
          });
    }
  }

  private record Searched(Scope scope, GoldenCase.Setup setup, BoxTrace trace) {
    Network network() {
      return setup.live().network();
    }

    LatentAim aim(Estimator estimator) {
      NDArray oneHot = Margins.oneHot(setup.labels(), network().classes(), DataType.FLOAT64);
      return LatentAim.of(estimator, setup.labels(), oneHot, scope);
    }

    NDArray points(int cut, Estimator estimator, AttackSettings attack) {
      return LatentPgd.search(
          setup.live(),
          cut,
          trace.box(cut),
          aim(estimator),
          attack,
          CounterRandom.of(3, 0, 0, CounterRandom.Role.LATENT),
          scope);
    }

    NDArray margins(int cut, Estimator estimator, AttackSettings attack) {
      NDArray points = points(cut, estimator, attack);
      NDArray rows =
          points.reshape(new ai.djl.ndarray.types.Shape(-1).addAll(points.getShape().slice(2)));
      return aim(estimator).margins(Concrete.logitsFrom(setup.live(), cut, rows));
    }
  }
}
