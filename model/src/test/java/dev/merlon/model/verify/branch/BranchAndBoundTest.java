package dev.merlon.model.verify.branch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.LabelMargins;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small networks whose smallest margin an attack finds: what is above it may never be proved, what
 * is clearly below it has to be.
 */
class BranchAndBoundTest {
  private static final double TOLERANCE = 1e-7;
  private Scope scope;

  static Stream<Norm> norms() {
    return Norms.ALL.stream();
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
  @MethodSource("norms")
  void run_goalAroundTheSmallestMargin_provedBelowAndNeverAbove(Norm norm) {
    for (int sample = 0; sample < 3; sample++) {
      Problem problem = Problem.of("mlp", sample, norm, scope);
      double attained = problem.attacked();

      BranchAndBound.Result below =
          problem.run(attained - 0.02 * (1 + Math.abs(attained)), Splitting.BY_SIGN, () -> false);
      BranchAndBound.Result above =
          problem.run(attained + TOLERANCE, Splitting.BY_SIGN, () -> false);

      assertThat(below.end()).isEqualTo(BranchAndBound.End.PROVED);
      assertThat(below.open()).isZero();
      assertThat(below.lower().get(problem.other())).isLessThanOrEqualTo(attained + TOLERANCE);
      assertThat(above.end()).isEqualTo(BranchAndBound.End.STUCK);
      assertThat(above.lower().get(problem.other())).isLessThanOrEqualTo(attained + TOLERANCE);
    }
  }

  @Test
  void run_bestBoundIsExactlyTheGoal_isNotProved() {
    Problem problem = Problem.of("mlp", 0, Norm.of("linf"), 1e-9, scope);
    double bound =
        problem.run(Double.MAX_VALUE, Splitting.BY_SIGN, () -> false).lower().get(problem.other());

    BranchAndBound.Result tie = problem.run(bound, Splitting.BY_SIGN, () -> false);
    BranchAndBound.Result above = problem.run(Math.nextDown(bound), Splitting.BY_SIGN, () -> false);

    assertThat(tie.lower()).containsEntry(problem.other(), bound);
    assertThat(tie.end()).isEqualTo(BranchAndBound.End.STUCK);
    assertThat(above.end()).isEqualTo(BranchAndBound.End.PROVED);
  }

  @Test
  void run_oneHalfIsLost_provesWhatAPointRefutes() {
    int wrong = 0;
    for (int sample = 0; sample < 4; sample++) {
      for (Norm norm : Norms.ALL) {
        Problem problem = Problem.of("mlp", sample, norm, scope);
        double attained = problem.attacked();
        Splitting lossy = (subproblem, neuron) -> subproblem.split(neuron).subList(0, 1);
        BranchAndBound.End end = problem.run(attained + TOLERANCE, lossy, () -> false).end();
        wrong += end == BranchAndBound.End.PROVED ? 1 : 0;
      }
    }
    assertThat(wrong).isPositive();
  }

  @Test
  void run_timeIsUp_endsWithOpenParts() {
    Problem problem = Problem.of("mlp", 0, Norm.of("linf"), scope);
    AtomicInteger asked = new AtomicInteger();

    BranchAndBound.Result result =
        problem.run(problem.attacked(), Splitting.BY_SIGN, () -> asked.incrementAndGet() > 60);

    assertThat(result.end()).isEqualTo(BranchAndBound.End.EXPIRED);
    assertThat(result.open()).isPositive();
  }

  @Test
  void run_memoryForOneDomain_endsFull() {
    Problem problem = Problem.of("mlp", 0, Norm.of("linf"), scope);
    BranchSettings settings = BranchSettings.published(1, 1).withGoal(problem.attacked());

    BranchAndBound.Result result =
        problem.run(
            settings, BranchAndBound.Probe.NONE, LeafSolver.NONE, Splitting.BY_SIGN, () -> false);

    assertThat(result.end()).isEqualTo(BranchAndBound.End.FULL);
  }

  @Test
  void run_probeFinds_endsRefuted() {
    Problem problem = Problem.of("mlp", 0, Norm.of("l2"), scope);
    BranchSettings settings = BranchSettings.published(1 << 20, 100).withGoal(problem.attacked());

    BranchAndBound.Result result =
        problem.run(
            settings, points -> !points.isEmpty(), LeafSolver.NONE, Splitting.BY_SIGN, () -> false);

    assertThat(result.end()).isEqualTo(BranchAndBound.End.REFUTED);
  }

  @Test
  void run_leafSolverProvesEveryLeaf_proved() {
    Problem problem = Problem.of("mlp", 0, Norm.of("linf"), scope);
    BranchSettings settings =
        BranchSettings.published(1 << 20, 100).withGoal(problem.attacked() + TOLERANCE);
    AtomicInteger leaves = new AtomicInteger();
    LeafSolver solver =
        (other, subproblem) -> {
          leaves.incrementAndGet();
          return new LeafSolver.Leaf(Double.MAX_VALUE, Optional.empty());
        };

    BranchAndBound.Result result =
        problem.run(settings, BranchAndBound.Probe.NONE, solver, Splitting.BY_SIGN, () -> false);

    assertThat(leaves.get()).isPositive();
    assertThat(result.end()).isEqualTo(BranchAndBound.End.PROVED);
  }

  @Test
  void run_leafsSmallestMarginIsACounterexample_endsRefuted() {
    Problem problem = Problem.of("mlp", 0, Norm.of("linf"), scope);
    BranchSettings settings =
        BranchSettings.published(1 << 20, 100).withGoal(problem.attacked() + TOLERANCE);
    double[] smallest = {0.25};
    LeafSolver solver =
        (other, subproblem) -> new LeafSolver.Leaf(Double.NEGATIVE_INFINITY, Optional.of(smallest));

    List<Boolean> answers = new ArrayList<>();
    BranchAndBound.Probe probe =
        points -> {
          answers.add(points.contains(smallest));
          return points.contains(smallest);
        };

    BranchAndBound.Result result =
        problem.run(settings, probe, solver, Splitting.BY_SIGN, () -> false);

    assertThat(result.end()).isEqualTo(BranchAndBound.End.REFUTED);
    // A later answer would take its place.
    assertThat(answers.indexOf(true)).isEqualTo(answers.size() - 1);
  }

  @Test
  void run_again_endsTheSame() {
    BranchAndBound.Result first = again();

    assertThat(again()).isEqualTo(first);
  }

  private BranchAndBound.Result again() {
    Problem problem = Problem.of("mlp", 1, Norm.of("linf"), scope);
    return problem.run(problem.attacked() - 0.01, Splitting.BY_SIGN, () -> false);
  }

  /** One margin of one input of a bundled network. */
  private record Problem(
      GoldenCase.Setup setup, NDArray x, NormBall set, int label, int other, Scope scope) {

    static Problem of(String name, int sample, Norm norm, Scope scope) {
      return of(name, sample, norm, Double.NaN, scope);
    }

    /**
     * As above.
     *
     * @param radius NaN for one that leaves something to search
     */
    static Problem of(String name, int sample, Norm norm, double radius, Scope scope) {
      GoldenCase.Setup setup =
          Autograd.withoutGradients(() -> GoldenCases.bundled(name).open(scope, false));
      NDArray x = setup.x().get(new NDIndex("{}:{}", sample, sample + 1));
      double large =
          switch (norm.name()) {
            case "linf" -> 0.08;
            case "l2" -> 0.06 * Math.sqrt((double) x.size());
            default -> 0.02 * x.size();
          };
      double eps = Double.isNaN(radius) ? large : radius;
      int label = Math.toIntExact(setup.labels().toLongArray()[sample]);
      int other = (label + 1) % setup.live().network().classes();
      return new Problem(
          setup, x, new NormBall(norm, eps, !norm.name().equals("l2")), label, other, scope);
    }

    /** The smallest margin that descent from many points finds. */
    double attacked() {
      return Autograd.withoutGradients(
          () -> {
            double[] rows = new double[setup.live().network().classes()];
            rows[label] = 1;
            rows[other] = -1;
            NDArray row = scope.tensor(rows, x.getDataType(), 1, rows.length);
            SplittableRandom random = new SplittableRandom(7);
            long[] shape = x.getShape().getShape().clone();
            shape[0] = 64;
            NDArray all = x.broadcast(new ai.djl.ndarray.types.Shape(shape));
            NDArray noise =
                scope.tensor(random.doubles(all.size(), -1, 1).toArray(), x.getDataType(), shape);
            NDArray point = set.project(all, all.add(noise));
            double best = Double.POSITIVE_INFINITY;
            for (int step = 0; step < 80; step++) {
              NDArray leaf = scope.leaf(point);
              NDArray margins =
                  Autograd.recording(
                      () -> {
                        NDArray now = Concrete.logits(setup.live(), leaf).mul(row);
                        Autograd.backward(now.sum());
                        return now.sum(new int[] {1});
                      });
              best = Math.min(best, HostTensor.copyOf(margins.min()).toDoubles()[0]);
              double size = set.eps() * 0.3 * Math.pow(0.95, step);
              NDArray down = set.norm().steepest(Autograd.gradient(leaf).neg());
              point =
                  set.project(all, point.add(dev.merlon.model.tensor.Scalars.times(down, size)));
            }
            return best;
          });
    }

    BranchAndBound.Result run(double goal, Splitting splitting, BooleanSupplier expired) {
      BranchSettings settings = BranchSettings.published(1 << 22, 100).withGoal(goal);
      return run(settings, BranchAndBound.Probe.NONE, LeafSolver.NONE, splitting, expired);
    }

    BranchAndBound.Result run(
        BranchSettings settings,
        BranchAndBound.Probe probe,
        LeafSolver leaves,
        Splitting splitting,
        BooleanSupplier expired) {
      InputSet input = InputSet.around(x, set);
      PreActivations known =
          PreActivations.crown(setup.live(), input, CrownOptions.sparse(), scope);
      try (Scope work = scope.child("search");
          SplitBounds bounds = SplitBounds.over(setup.live(), input, known, 1 << 20)) {
        Bounding bounding = new Bounding(bounds, LabelMargins.of(label), expired, work);
        return new BranchAndBound(bounding, settings, probe, leaves, splitting).run(other);
      }
    }
  }
}
