package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.LabelMargins;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SlopeSettings;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.bound.split.Subproblem;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.branch.BranchAndBound;
import dev.merlon.model.verify.branch.BranchSettings;
import dev.merlon.model.verify.branch.LeafSolver;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Bounds of one sample with optimised slopes.
 *
 * @param label whose margins are bounded
 * @param values bounds of values of the network, lower and upper, by number of the value
 * @param margins {@code [K]}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record OptimisedBounds(int label, Map<Integer, double[][]> values, double[] margins) {
  private static final long COEFFICIENTS = 3000;
  // How often branch and bound asks whether its time is up.
  private static final int EFFORT = 8;
  private static final SlopeSettings OPTIMISATION = SlopeSettings.whole(4);

  /** Bounds of one of the problem's samples. */
  static OptimisedBounds of(ProductionBounds.Problem problem, int sample) {
    LiveNetwork live = problem.live();
    int label = Math.toIntExact(problem.labels().toLongArray()[sample]);
    try (Scope scope = live.scope().child("optimised bounds")) {
      NDArray x = scope.view(problem.x()).get(new NDIndex("{}:{}", sample, sample + 1));
      InputSet input = InputSet.around(x, problem.set());
      PreActivations known =
          PreActivations.crown(live, input, ProductionBounds.ALPHA_CROWN.options(), scope)
              .improved(
                  live,
                  input,
                  new PreActivations.Improvement(OPTIMISATION, COEFFICIENTS, () -> false),
                  scope);
      Map<Integer, double[][]> values = new HashMap<>();
      known
          .boxes()
          .forEach(
              (value, box) ->
                  values.put(value, new double[][] {flat(box.lower()), flat(box.upper())}));
      return new OptimisedBounds(label, values, margins(live, input, known, label, scope));
    }
  }

  /** Margins of one of the problem's samples after some splits, {@code [K]}. */
  static double[] branched(ProductionBounds.Problem problem, int sample) {
    LiveNetwork live = problem.live();
    int label = Math.toIntExact(problem.labels().toLongArray()[sample]);
    int classes = live.network().classes();
    int[] others = IntStream.range(0, classes).filter(j -> j != label).toArray();
    SlopeSettings optimisation = SlopeSettings.whole(2).withoutGoal();
    BranchSettings settings =
        new BranchSettings(optimisation, optimisation, optimisation, 1, 1000, 8);
    AtomicInteger asked = new AtomicInteger();
    double[] margins = new double[classes];
    try (Scope scope = live.scope().child("branched bounds")) {
      NDArray x = scope.view(problem.x()).get(new NDIndex("{}:{}", sample, sample + 1));
      InputSet input = InputSet.around(x, problem.set());
      CrownOptions options = ProductionBounds.BRANCH_AND_BOUND.options();
      PreActivations known = PreActivations.crown(live, input, options, scope);
      try (SplitBounds bounds = SplitBounds.over(live, input, known, COEFFICIENTS)) {
        BranchAndBound.of(
                bounds,
                LabelMargins.of(label),
                settings,
                BranchAndBound.Probe.NONE,
                LeafSolver.NONE,
                () -> asked.incrementAndGet() > EFFORT,
                scope)
            .run(others)
            .lower()
            .forEach((other, lower) -> margins[other] = lower);
      }
    }
    return margins;
  }

  /** Bounds of each of the problem's samples. */
  static List<OptimisedBounds> all(ProductionBounds.Problem problem) {
    return IntStream.range(0, problem.samples()).mapToObj(n -> of(problem, n)).toList();
  }

  /** Boxes of all samples, by number of the value. */
  static Map<Integer, HostBox> boxes(ProductionBounds.Problem problem, List<OptimisedBounds> all) {
    Map<Integer, HostBox> boxes = new HashMap<>();
    for (Node node : problem.live().network().nonlinear()) {
      int value = node.inputs().get(0);
      boxes.put(value, new HostBox(side(all, value, 0), side(all, value, 1)));
    }
    return boxes;
  }

  private static double[][] side(List<OptimisedBounds> all, int value, int side) {
    return all.stream()
        .map(bounds -> bounds.values().getOrDefault(value, new double[2][])[side])
        .toArray(double[][]::new);
  }

  private static double[] margins(
      LiveNetwork live, InputSet input, PreActivations known, int label, Scope scope) {
    int classes = live.network().classes();
    double[] margins = new double[classes];
    int[] others = IntStream.range(0, classes).filter(j -> j != label).toArray();
    try (SplitBounds bounds = SplitBounds.over(live, input, known, COEFFICIENTS)) {
      NDArray rows = bounds.marginRows(label, others, scope);
      List<Subproblem> whole = Collections.nCopies(others.length, bounds.whole());
      List<SplitBounds.Bounded> found =
          bounds.maximise(bounds.output(), rows, whole, OPTIMISATION, () -> false);
      for (int i = 0; i < others.length; i++) {
        margins[others[i]] = found.get(i).lower();
      }
    }
    return margins;
  }

  private static double[] flat(NDArray values) {
    return HostTensor.copyOf(values).toDoubles();
  }
}
