package dev.merlon.model.verify.property;

import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.verify.branch.BranchAndBound;
import dev.merlon.model.verify.branch.ConjunctionBranching;
import dev.merlon.model.verify.branch.LeafSolver;
import dev.merlon.model.verify.branch.Root;
import dev.merlon.model.verify.ladder.BoxSubproblem;
import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.LinearConstraint;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Branch and bound over neurons for conjunctions with constraints that are linear in the logits: of
 * each, one constraint after the other is to be excluded on the whole subproblem. Others are left
 * as they are.
 */
final class RowBranching {
  private final ConjunctionBounds bounds;
  private final Ending ending;
  private final int outputs;
  private final long queueBytes;
  private final BranchAndBound.Probe probe;
  private final BooleanSupplier expired;
  private String progress = "no constraint is linear in the logits";

  /**
   * @param ending how outputs follow from logits
   * @param outputs number of outputs
   * @param queueBytes what subproblems that are not proved yet may take
   * @param probe looks for counterexamples on the way
   */
  RowBranching(
      ConjunctionBounds bounds,
      Ending ending,
      int outputs,
      long queueBytes,
      BranchAndBound.Probe probe,
      BooleanSupplier expired) {
    this.bounds = bounds;
    this.ending = ending;
    this.outputs = outputs;
    this.queueBytes = queueBytes;
    this.probe = probe;
    this.expired = expired;
  }

  /** Bounds over a subproblem and of its logits, to work with. */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Inside(
      BoxSubproblem subproblem, Root.Improved improved, double[] lowest, double[] highest) {}

  /** The conjunctions of a subproblem that remain when it ends or the probe has found something. */
  List<Conjunction> exclude(BoxSubproblem subproblem) {
    if (expired.getAsBoolean()
        || subproblem.cases().stream().allMatch(wanted -> linear(wanted).isEmpty())) {
      return subproblem.cases();
    }
    return bounds.inside(subproblem, expired, this::exclude);
  }

  /** How far the last search that proved nothing came, for people. */
  String progress() {
    return progress;
  }

  private List<Conjunction> exclude(Inside inside) {
    List<Conjunction> cases = inside.subproblem().cases();
    ConjunctionBranching.Result result =
        new ConjunctionBranching(
                inside.improved(), one -> goal(one, inside), queueBytes, probe, expired)
            .exclude(cases.stream().map(this::linear).toList(), wanted -> LeafSolver.NONE);
    progress = result.unproved().map(RowBranching::shown).orElse(progress);
    return result.open().stream().map(cases::get).toList();
  }

  // Margins first: what is left of a classifier's property is mostly decided by them.
  private List<LinearConstraint> linear(Conjunction wanted) {
    return wanted.constraints().stream()
        .filter(one -> !one.outputs().isEmpty())
        .filter(one -> Reading.of(one, ending, outputs) instanceof Reading.OfLogits)
        .sorted(Comparator.comparing(one -> one.isComparison() ? 0 : 1))
        .toList();
  }

  private static double goal(LinearConstraint one, Inside inside) {
    return Exclusion.goal(one, inside.subproblem(), inside.lowest(), inside.highest());
  }

  private static String shown(ConjunctionBranching.Unproved one) {
    String terms =
        one.constraint().outputs().stream()
            .map(term -> String.format(Locale.ROOT, "%+.4g Y_%d", term.nearest(), term.position()))
            .collect(Collectors.joining(" "));
    return String.format(
        Locale.ROOT,
        "%s is at least %.4g and has to be above %.4g; open parts %d, splits %d",
        terms,
        one.lower(),
        one.goal(),
        one.search().open(),
        one.search().splits());
  }
}
