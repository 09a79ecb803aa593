package dev.merlon.model.verify.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.LabelMargins;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.ProvedSubproblem;
import dev.merlon.model.bound.split.SlopeSettings;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.branch.BranchAndBound;
import dev.merlon.model.verify.branch.BranchSettings;
import dev.merlon.model.verify.branch.LeafSolver;
import dev.merlon.model.verify.proof.DenseChecker;
import dev.merlon.model.verify.proof.MarginProof;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Branch and bound with linear programs at its leaves, held against exact margins. */
class LeafProgramTest {
  private static final double CLOSE = 2e-5;
  private static final int CASES = 12;
  // No optimisation, so that the leaves are the programs' work.
  private static final BranchSettings BARE =
      new BranchSettings(
          SlopeSettings.whole(1),
          SlopeSettings.subproblem(1),
          SlopeSettings.subproblem(1),
          3,
          100_000,
          64);

  @ParameterizedTest
  @CsvSource({"linf, 0.15, 0", "linf, 0.15, 0.2", "l1, 0.5, 0"})
  void search_goalJustBelowTheExactMargin_proved(String norm, double eps, double slope) {
    for (int seed = 0; seed < CASES; seed++) {
      Problem problem = Problem.of(seed, norm, eps, slope);
      double exact = problem.exact();

      BranchAndBound.Result result = problem.search(exact - CLOSE, true);

      assertThat(result.end()).as("seed %d", seed).isEqualTo(BranchAndBound.End.PROVED);
      assertThat(result.lower().get(1)).isLessThanOrEqualTo(exact + 1e-6);
    }
  }

  @Test
  void search_goalJustAboveTheExactMargin_neverProved() {
    for (int seed = 0; seed < CASES; seed++) {
      Problem problem = Problem.of(seed, "linf", 0.15, 0);

      BranchAndBound.Result result = problem.search(problem.exact() + CLOSE, true);

      assertThat(result.end()).as("seed %d", seed).isEqualTo(BranchAndBound.End.STUCK);
    }
  }

  @Test
  void search_withoutPrograms_leavesSomeOfTheseOpen() {
    int stuck = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Problem problem = Problem.of(seed, "linf", 0.15, 0);
      BranchAndBound.End end = problem.search(problem.exact() - CLOSE, false).end();
      stuck += end == BranchAndBound.End.STUCK ? 1 : 0;
    }
    assertThat(stuck).isPositive();
  }

  @Test
  void solve_leaf_boundComesOutAgainWithItsMultipliersAndNotWithOthers() {
    int solved = 0;
    int changed = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Problem problem = Problem.of(seed, "linf", 0.15, 0);
      for (Solved leaf : problem.solved(problem.exact() - CLOSE)) {
        ProvedSubproblem kept = leaf.kept();
        assertThat(DenseChecker.isAffine(leaf.tree(), kept)).isTrue();
        assertThat(problem.checked(leaf.tree(), kept)).isCloseTo(kept.lower(), within(close(kept)));
        solved++;
        for (int i = 0; i < kept.multipliers().length; i++) {
          double[] other = kept.multipliers().clone();
          other[i] += 0.25;
          ProvedSubproblem wrong =
              new ProvedSubproblem(kept.splits(), kept.slopes(), other, kept.lower());
          double again = problem.checked(leaf.tree(), wrong);
          changed += Math.abs(again - kept.lower()) > close(kept) ? 1 : 0;
        }
      }
    }
    assertThat(solved).isPositive();
    assertThat(changed).isGreaterThan(solved);
  }

  private static double close(ProvedSubproblem kept) {
    return 1e-10 * (1 + Math.abs(kept.lower()));
  }

  /** A leaf that a program solved, and the tree that it is of. */
  private record Solved(MarginProof.Tree tree, ProvedSubproblem kept) {}

  @Test
  void of_ballThatIsNoPolyhedron_none() {
    try (Scope scope = Scope.open("test")) {
      Problem problem = Problem.of(1, "l2", 0.2, 0);
      assertThat(problem.solver(scope)).isSameAs(LeafSolver.NONE);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Problem(Network network, ParameterValues values, double[] x, NormBall set) {

    static Problem of(int seed, String norm, double eps, double slope) {
      SplittableRandom random = new SplittableRandom(seed);
      Network.Builder builder = Network.builder(new Shape(1, 1, 4));
      builder.append("flatten", new Flatten());
      builder.append("hidden0", new Linear(4, 7, true));
      builder.append("relu0", slope == 0 ? new Relu() : new LeakyRelu(slope));
      builder.append("hidden1", new Linear(7, 6, true));
      builder.append("relu1", slope == 0 ? new Relu() : new LeakyRelu(slope));
      builder.append("logits", new Linear(6, 2, true));
      Network network = builder.build();
      Map<String, HostTensor> tensors = new LinkedHashMap<>();
      network
          .parameters()
          .forEach(
              (name, spec) -> {
                float[] values = new float[Math.toIntExact(spec.shape().size())];
                for (int i = 0; i < values.length; i++) {
                  values[i] = (float) (0.8 * random.nextGaussian());
                }
                tensors.put(name, HostTensor.of(values, spec.shape().getShape()));
              });
      return new Problem(
          network,
          ParameterValues.of(network, tensors),
          random.doubles(4).toArray(),
          new NormBall(Norm.of(norm), eps, true));
    }

    double exact() {
      try (ExactMargins margins = ExactMargins.around(network, values, x, set)) {
        return margins.minimum(0, 1, Duration.ofMinutes(1)).upper();
      }
    }

    /** The leaves that programs solve on the way to a goal. */
    List<Solved> solved(double goal) {
      List<Solved> solved = new ArrayList<>();
      search(
          goal,
          (ready, inner) ->
              (function, part) -> {
                LeafSolver.Leaf leaf = inner.solve(function, part);
                leaf.found()
                    .filter(found -> Double.isFinite(leaf.lower()))
                    .map(found -> found.proof().get())
                    .ifPresent(kept -> solved.add(new Solved(ready.tree(set, kept), kept)));
                return leaf;
              });
      return solved;
    }

    /** The bound that a leaf's numbers give in plain loops. */
    double checked(MarginProof.Tree tree, ProvedSubproblem leaf) {
      double[][][] weights = new double[3][][];
      double[][] biases = new double[3][];
      String[] names = {"hidden0", "hidden1", "logits"};
      for (int layer = 0; layer < 3; layer++) {
        HostTensor weight = Named.get(values.tensors(), names[layer] + ".weight");
        int rows = (int) weight.shape().get(0);
        int columns = (int) weight.shape().get(1);
        double[] flat = weight.toDoubles();
        weights[layer] = new double[rows][];
        for (int i = 0; i < rows; i++) {
          weights[layer][i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
        }
        biases[layer] = Named.get(values.tensors(), names[layer] + ".bias").toDoubles();
      }
      double[] lower = new double[x.length];
      double[] upper = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        lower[i] = Math.max(0, x[i] - set.eps());
        upper[i] = Math.min(1, x[i] + set.eps());
      }
      return new DenseChecker(weights, biases, DenseChecker.overBox(lower, upper))
          .bound(tree, leaf, 0, 1);
    }

    BranchAndBound.Result search(double goal, boolean programs) {
      return search(goal, (ready, solver) -> programs ? solver : LeafSolver.NONE);
    }

    private BranchAndBound.Result search(
        double goal, BiFunction<Ready, LeafSolver, LeafSolver> seen) {
      try (Scope scope = Scope.open("test")) {
        return Autograd.withoutGradients(
            () -> {
              Ready ready = ready(scope);
              try (SplitBounds bounds = ready.bounds()) {
                LeafSolver leaves = seen.apply(ready, solver(ready, bounds, scope));
                BranchSettings settings = BARE.withGoal(goal);
                return BranchAndBound.of(
                        bounds,
                        LabelMargins.of(0),
                        settings,
                        BranchAndBound.Probe.NONE,
                        leaves,
                        () -> false,
                        scope)
                    .run(1);
              }
            });
      }
    }

    LeafSolver solver(Scope scope) {
      return Autograd.withoutGradients(
          () -> {
            Ready ready = ready(scope);
            try (SplitBounds bounds = ready.bounds()) {
              return solver(ready, bounds, scope);
            }
          });
    }

    private LeafSolver solver(Ready ready, SplitBounds bounds, Scope scope) {
      var property = new LeafProgram.Property(x, set, 0, () -> Long.MAX_VALUE);
      return LeafProgram.of(ready.live(), property, ready.known(), bounds, scope);
    }

    private Ready ready(Scope scope) {
      LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
      NDArray input = scope.tensor(x, DataType.FLOAT64, 1, 1, 1, 4);
      InputSet around = InputSet.around(input, set);
      CrownOptions options = CrownOptions.sparse().withRounding(Rounding.REAL);
      return new Ready(live, around, PreActivations.crown(live, around, options, scope));
    }
  }

  private record Ready(LiveNetwork live, InputSet input, PreActivations known) {
    MarginProof.Tree tree(NormBall set, ProvedSubproblem leaf) {
      return new MarginProof.Tree(set.cell(0), known.saved(), List.of(leaf));
    }

    SplitBounds bounds() {
      return SplitBounds.over(live, input, known, 1 << 20);
    }
  }
}
