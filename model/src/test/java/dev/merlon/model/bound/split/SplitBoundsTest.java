package dev.merlon.model.bound.split;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bounds over subproblems hold at points of the subproblems: every subproblem is drawn around a
 * point that gradient descent brought close to the margin's minimum, with some neurons split the
 * way they are there.
 */
class SplitBoundsTest {
  private static final int PARTS = 24;
  private static final int SPLITS = 4;
  private static final double TOLERANCE = 1e-9;
  private Scope scope;

  static Stream<Arguments> cases() {
    return Stream.of("conv_stride2", "mlp")
        .flatMap(name -> Norms.ALL.stream().map(norm -> Arguments.of(name, norm)));
  }

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void climb_partsAroundPoints_holdThere(String name, Norm norm) {
    Subproblems subproblems = Subproblems.draw(name, norm, scope);

    assertThat(subproblems.splits()).isGreaterThan(PARTS);
    assertThat(subproblems.above(batch -> batch, SlopeSettings.subproblem(1))).isZero();
    assertThat(subproblems.above(batch -> batch, SlopeSettings.whole(40))).isZero();
  }

  @ParameterizedTest
  @EnumSource(Plant.class)
  void climb_plantedFault_somePointIsBelowItsBound(Plant plant) {
    int below = 0;
    for (Norm norm : Norms.ALL) {
      below += Subproblems.draw("mlp", norm, scope).above(plant::in, SlopeSettings.whole(40));
    }
    assertThat(below).isPositive();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void maximise_splits_neverLowerThanWithout(String name, Norm norm) {
    Subproblems subproblems = Subproblems.draw(name, norm, scope);
    try (SplitBounds bounds = subproblems.bounds()) {
      List<Subproblem> whole = Collections.nCopies(PARTS, bounds.whole());
      int output = bounds.output();
      List<SplitBounds.Bounded> all =
          bounds.maximise(
              output,
              subproblems.rows(),
              whole,
              SlopeSettings.whole(20).withoutGoal(),
              () -> false);
      List<Subproblem> halves =
          IntStream.range(0, PARTS)
              .mapToObj(
                  r -> {
                    Subproblem half = all.get(r).subproblem();
                    for (int split : subproblems.drawn().get(r).splits()) {
                      half = half.split(Math.abs(split) - 1, split > 0);
                    }
                    return half;
                  })
              .toList();
      List<SplitBounds.Bounded> some =
          bounds.maximise(
              output, subproblems.rows(), halves, SlopeSettings.subproblem(20), () -> false);
      double gain = 0;
      for (int r = 0; r < PARTS; r++) {
        assertThat(some.get(r).lower()).isGreaterThanOrEqualTo(all.get(r).lower() - 1e-6);
        gain += some.get(r).lower() - all.get(r).lower();
      }
      assertThat(gain).isPositive();
    }
  }

  @Test
  void inspect_minimisers_lieInTheSetAndTakeTheBound() {
    Subproblems subproblems = Subproblems.draw("mlp", Norm.of("linf"), scope);
    try (SplitBounds bounds = subproblems.bounds()) {
      List<SplitBounds.Insight> insights =
          bounds.inspect(bounds.output(), subproblems.rows(), subproblems.drawn());
      List<SplitBounds.Bounded> bounded =
          bounds.maximise(
              bounds.output(),
              subproblems.rows(),
              subproblems.drawn(),
              SlopeSettings.subproblem(1),
              () -> false);
      double[] x = HostTensor.copyOf(subproblems.x()).toDoubles();
      for (int r = 0; r < PARTS; r++) {
        assertThat(insights.get(r).lower()).isEqualTo(bounded.get(r).lower());
        double[] point = insights.get(r).minimiser();
        double eps = subproblems.set().eps() + TOLERANCE;
        assertThat(IntStream.range(0, x.length).allMatch(i -> Math.abs(point[i] - x[i]) <= eps))
            .isTrue();
      }
    }
  }

  @Test
  void maximise_afterwards_nothingIsLeft() {
    Subproblems subproblems = Subproblems.draw("mlp", Norm.of("l2"), scope);
    Map<String, Integer> before = NativeMemory.openScopes();
    int live = scope.liveTensors();
    try (SplitBounds bounds = subproblems.bounds()) {
      bounds.maximise(
          bounds.output(),
          subproblems.rows(),
          subproblems.drawn(),
          SlopeSettings.subproblem(3),
          () -> false);
      bounds.inspect(bounds.output(), subproblems.rows(), subproblems.drawn());
    }
    assertThat(NativeMemory.openScopes()).isEqualTo(before);
    assertThat(scope.liveTensors()).isEqualTo(live);
  }

  /** Mistakes in what a batch's splits mean. */
  private enum Plant {
    /** Multipliers reward leaving the half. */
    MULTIPLIER_SIGN_FLIPPED,
    /** Lower slopes may be negative or above 1. */
    SLOPES_NOT_LIMITED,
    /** The upper line runs through 0. */
    INTERCEPT_DROPPED,
    /** Positive coefficients take the upper line's slope and negative ones a lower line's. */
    LINES_SWAPPED;

    RowBatch in(RowBatch good) {
      NDArray signs = good.signs().orElseThrow();
      NDArray low = good.low();
      NDArray high = good.high();
      NDArray slope = good.upperSlope();
      NDArray intercept = good.upperIntercept();
      return switch (this) {
        case MULTIPLIER_SIGN_FLIPPED -> batch(good, signs.neg(), low, high, slope, intercept);
        case SLOPES_NOT_LIMITED -> batch(good, signs, low.sub(1), high.add(1), slope, intercept);
        case INTERCEPT_DROPPED -> batch(good, signs, low, high, slope, intercept.zerosLike());
        case LINES_SWAPPED -> batch(good, signs, slope, slope, low, intercept.zerosLike());
      };
    }

    private static RowBatch batch(
        RowBatch good, NDArray signs, NDArray low, NDArray high, NDArray slope, NDArray intercept) {
      return new RowBatch(good.rows(), Optional.of(signs), low, high, slope, intercept);
    }
  }

  /**
   * Margins of one input, each over a subproblem of its set around a point.
   *
   * @param margins at the points
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Subproblems(
      GoldenCase.Setup setup,
      NDArray x,
      NormBall set,
      PreActivations known,
      NDArray rows,
      List<Subproblem> drawn,
      double[] margins,
      Scope scope) {

    static Subproblems draw(String name, Norm norm, Scope scope) {
      return Autograd.withoutGradients(() -> drawn(name, norm, scope));
    }

    private static Subproblems drawn(String name, Norm norm, Scope scope) {
      GoldenCase.Setup setup = GoldenCases.bundled(name).open(scope, false);
      NDArray x = setup.x().get(new NDIndex("0:1"));
      double width = x.size();
      double linf = 0.15;
      double eps =
          norm.name().equals("l2")
              ? linf * Math.sqrt(width) / 2
              : norm.name().equals("l1") ? linf * width / 5 : linf;
      NormBall set = new NormBall(norm, eps, true);
      PreActivations known =
          PreActivations.crown(setup.live(), InputSet.around(x, set), CrownOptions.sparse(), scope);
      SplittableRandom random = new SplittableRandom(name.hashCode());
      int classes = setup.live().network().classes();
      int label = Math.toIntExact(setup.labels().toLongArray()[0]);
      int[] others =
          IntStream.range(0, PARTS).map(r -> (label + 1 + r % (classes - 1)) % classes).toArray();
      try (SplitBounds bounds =
          SplitBounds.over(setup.live(), InputSet.around(x, set), known, 1 << 20)) {
        NDArray rows = bounds.marginRows(label, others, scope);
        NDArray points = descended(setup, x, set, rows, random, scope);
        List<NDArray> values = Concrete.values(setup.live(), points);
        NDArray logits = values.get(values.size() - 1);
        double[] margins =
            HostTensor.copyOf(logits.mul(rows.squeeze(0)).sum(new int[] {1})).toDoubles();
        List<Subproblem> subproblems = new ArrayList<>();
        for (int r = 0; r < PARTS; r++) {
          subproblems.add(around(r, setup, known, values, bounds.unstable(), random));
        }
        return new Subproblems(setup, x, set, known, rows, subproblems, margins, scope);
      }
    }

    // Points of the set at which the functions are small.
    private static NDArray descended(
        GoldenCase.Setup setup,
        NDArray x,
        NormBall set,
        NDArray rows,
        SplittableRandom random,
        Scope scope) {
      NDArray all = x.broadcast(new Shape(PARTS).addAll(x.getShape().slice(1)));
      double[] start = random.doubles(all.size(), -0.1, 0.1).toArray();
      NDArray noise = scope.tensor(start, DataType.FLOAT64, all.getShape().getShape());
      NDArray point = set.project(all, all.add(noise));
      for (int step = 0; step < 30; step++) {
        NDArray leaf = scope.leaf(point);
        Autograd.recording(
            () -> {
              NDArray logits = Concrete.logits(setup.live(), leaf);
              Autograd.backward(logits.mul(rows.squeeze(0)).sum());
              return leaf;
            });
        NDArray down = set.norm().steepest(Autograd.gradient(leaf).neg());
        point = set.project(all, point.add(Scalars.times(down, 0.1 * set.eps())));
      }
      return point;
    }

    // Some neurons split the way they are at point r, with slopes and multipliers of any kind.
    private static Subproblem around(
        int r,
        GoldenCase.Setup setup,
        PreActivations known,
        List<NDArray> values,
        int unstable,
        SplittableRandom random) {
      float[] slopes = new float[unstable];
      for (int i = 0; i < unstable; i++) {
        slopes[i] = (float) (-0.3 + 1.6 * random.nextDouble());
      }
      Subproblem subproblem = Subproblem.whole(slopes);
      UnstableNeurons neurons = UnstableNeurons.of(setup.live().network(), known.boxes());
      for (UnstableNeurons.Layer layer : neurons.layers()) {
        double[] here =
            HostTensor.copyOf(values.get(layer.node().inputs().get(0)).get(r)).toDoubles();
        for (int i = 0; i < layer.size(); i++) {
          if (random.nextDouble() < (double) SPLITS / layer.size()) {
            subproblem = subproblem.split(layer.first() + i, here[layer.places()[i]] >= 0);
          }
        }
      }
      float[] multipliers = new float[subproblem.splits().length];
      for (int i = 0; i < multipliers.length; i++) {
        multipliers[i] = (float) (-0.5 + random.nextDouble());
      }
      return new Subproblem(subproblem.splits(), slopes, multipliers);
    }

    int splits() {
      return drawn.stream().mapToInt(subproblem -> subproblem.splits().length).sum();
    }

    SplitBounds bounds() {
      return SplitBounds.over(setup.live(), InputSet.around(x, set), known, 1 << 20);
    }

    /** How many subproblems' bounds are above the margin at their point. */
    int above(UnaryOperator<RowBatch> plant, SlopeSettings optimisation) {
      return Autograd.withoutGradients(
          () -> {
            try (Scope work = scope.child("check")) {
              RowPass pass =
                  new RowPass(setup.live(), InputSet.around(x, set).in(work), known, work);
              RowBatch batch = plant.apply(RowBatch.of(pass.neurons(), rows, drawn, work));
              double[] bounds =
                  SlopeOptimisation.climb(
                          pass,
                          setup.live().network().output().id(),
                          batch,
                          drawn,
                          optimisation.withoutGoal(),
                          () -> false,
                          work)
                      .bounds();
              return (int)
                  IntStream.range(0, PARTS).filter(r -> bounds[r] > margins[r] + TOLERANCE).count();
            }
          });
    }
  }
}
