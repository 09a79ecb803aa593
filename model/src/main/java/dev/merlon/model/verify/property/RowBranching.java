package dev.merlon.model.verify.property;

import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.branch.BranchAndBound;
import dev.merlon.model.verify.branch.BranchSettings;
import dev.merlon.model.verify.branch.LeafSolver;
import dev.merlon.model.verify.vnnlib.Conjunction;
import dev.merlon.model.verify.vnnlib.Fractions;
import dev.merlon.model.verify.vnnlib.LinearConstraint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Branch and bound over neurons for conjunctions with constraints that are linear in the logits: of
 * each, one constraint after the other is to be excluded on the whole part. Others are left as they
 * are.
 */
final class RowBranching {
  private static final long QUEUE_BYTES = 256L << 20;

  private final PartBounds bounds;
  private final Ending ending;
  private final int outputs;
  private final BranchAndBound.Probe probe;
  private final BooleanSupplier expired;
  private String progress = "no constraint is linear in the logits";
  private boolean refuted;

  /**
   * @param ending how outputs follow from logits
   * @param outputs number of outputs
   * @param probe looks for counterexamples on the way
   */
  RowBranching(
      PartBounds bounds,
      Ending ending,
      int outputs,
      BranchAndBound.Probe probe,
      BooleanSupplier expired) {
    this.bounds = bounds;
    this.ending = ending;
    this.outputs = outputs;
    this.probe = probe;
    this.expired = expired;
  }

  /** Bounds over a part and of its logits, to work with. */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Inside(
      OpenPart part, SplitBounds bounds, double[] lowest, double[] highest, Scope scope) {}

  /** The conjunctions of a part that remain when it ends or the probe has found something. */
  List<Conjunction> exclude(OpenPart part) {
    if (part.cases().stream().allMatch(wanted -> linear(wanted).isEmpty())) {
      return part.cases();
    }
    return bounds.inside(part, expired, this::exclude);
  }

  /** How far the last search that proved nothing came, for people. */
  String progress() {
    return progress;
  }

  private List<Conjunction> exclude(Inside inside) {
    List<Conjunction> open = inside.part().cases();
    Set<LinearConstraint> tried = new HashSet<>();
    while (!expired.getAsBoolean() && !refuted) {
      Map<Double, Set<LinearConstraint>> byGoal = new TreeMap<>(Comparator.reverseOrder());
      for (Conjunction wanted : open) {
        linear(wanted).stream()
            .filter(one -> !tried.contains(one))
            .findFirst()
            .ifPresent(
                one ->
                    byGoal
                        .computeIfAbsent(goal(one, inside), key -> new LinkedHashSet<>())
                        .add(one));
      }
      if (byGoal.isEmpty()) {
        return open;
      }
      Set<LinearConstraint> excluded = new HashSet<>();
      byGoal.forEach((goal, wanted) -> excluded.addAll(excluded(inside, goal, wanted)));
      byGoal.values().forEach(tried::addAll);
      open =
          open.stream()
              .filter(wanted -> wanted.constraints().stream().noneMatch(excluded::contains))
              .toList();
    }
    return open;
  }

  // Margins first: what is left of a classifier's property is mostly decided by them.
  private List<LinearConstraint> linear(Conjunction wanted) {
    return wanted.constraints().stream()
        .filter(one -> !one.outputs().isEmpty())
        .filter(one -> Reading.of(one, ending, outputs) instanceof Reading.OfLogits)
        .sorted(Comparator.comparing(one -> isMargin(one) ? 0 : 1))
        .toList();
  }

  private static boolean isMargin(LinearConstraint one) {
    return one.inputs().isEmpty() && one.constant().signum() == 0 && one.outputs().size() == 2;
  }

  private static double goal(LinearConstraint one, Inside inside) {
    return Exclusion.goal(one, inside.part(), inside.lowest(), inside.highest());
  }

  private Set<LinearConstraint> excluded(
      Inside inside, double goal, Set<LinearConstraint> constraints) {
    if (!Double.isFinite(goal) || expired.getAsBoolean() || refuted) {
      return Set.of();
    }
    List<LinearConstraint> wanted = List.copyOf(constraints);
    List<double[]> rows = wanted.stream().map(this::row).toList();
    BranchSettings settings =
        BranchSettings.published(QUEUE_BYTES, inside.bounds().unstable()).withGoal(goal);
    BranchAndBound.Result result =
        BranchAndBound.of(
                inside.bounds(),
                OutputRows.of(rows),
                settings,
                probe,
                LeafSolver.NONE,
                expired,
                inside.scope())
            .run(IntStream.range(0, rows.size()).toArray());
    refuted = result.end() == BranchAndBound.End.REFUTED;
    Set<LinearConstraint> excluded = new HashSet<>();
    for (int i = 0; i < rows.size(); i++) {
      double lower = result.lower().getOrDefault(i, Double.NEGATIVE_INFINITY);
      if (Exclusion.byRow(wanted.get(i), lower, inside.part(), inside.lowest(), inside.highest())) {
        excluded.add(wanted.get(i));
      } else {
        progress = shown(wanted.get(i), lower, goal, result);
      }
    }
    return excluded;
  }

  private double[] row(LinearConstraint one) {
    double[] row = new double[outputs];
    one.outputs().forEach(term -> row[term.position()] = Fractions.nearest(term.coefficient()));
    return row;
  }

  private static String shown(
      LinearConstraint one, double lower, double goal, BranchAndBound.Result result) {
    List<String> terms = new ArrayList<>();
    one.outputs()
        .forEach(
            term ->
                terms.add(
                    String.format(
                        Locale.ROOT,
                        "%+.4g Y_%d",
                        Fractions.nearest(term.coefficient()),
                        term.position())));
    return String.format(
        Locale.ROOT,
        "%s is at least %.4g and has to be above %.4g; open parts %d, splits %d",
        String.join(" ", terms),
        lower,
        goal,
        result.open(),
        result.halvings());
  }
}
