package dev.merlon.model.verify.property;

import dev.merlon.model.bound.SplitBounds;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.branch.BranchAndBound;
import dev.merlon.model.verify.branch.BranchSettings;
import dev.merlon.model.verify.branch.LeafSolver;
import dev.merlon.model.verify.vnnlib.Conjunction;
import dev.merlon.model.verify.vnnlib.LinearConstraint;
import dev.merlon.model.verify.vnnlib.LinearConstraint.Term;
import dev.merlon.model.verify.vnnlib.Rational;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Branch and bound over neurons for conjunctions with a constraint {@code y_label - y_other <= 0},
 * the usual form of a classifier's properties. Other conjunctions are left as they are.
 */
final class MarginBranching {
  private static final long QUEUE_BYTES = 256L << 20;

  private final PartBounds bounds;
  private final BranchAndBound.Probe probe;
  private final BooleanSupplier expired;
  private String progress = "no constraint has the form of a margin";

  /**
   * @param probe looks for counterexamples on the way
   */
  MarginBranching(PartBounds bounds, BranchAndBound.Probe probe, BooleanSupplier expired) {
    this.bounds = bounds;
    this.probe = probe;
    this.expired = expired;
  }

  /** A constraint of the form that is branched on. */
  private record Margin(int label, int other) {
    static Optional<Margin> of(Conjunction wanted) {
      return wanted.constraints().stream().flatMap(one -> of(one).stream()).findFirst();
    }

    private static Optional<Margin> of(LinearConstraint one) {
      List<Term> terms = one.outputs();
      boolean plain = one.inputs().isEmpty() && one.constant().signum() == 0 && terms.size() == 2;
      if (!plain) {
        return Optional.empty();
      }
      int first = terms.get(0).coefficient().signum() > 0 ? 0 : 1;
      Term label = terms.get(first);
      Term other = terms.get(1 - first);
      boolean difference =
          label.coefficient().equals(Rational.ONE)
              && other.coefficient().equals(Rational.ONE.negate());
      return difference
          ? Optional.of(new Margin(label.position(), other.position()))
          : Optional.empty();
    }
  }

  /** The conjunctions of a part that remain when it ends or the probe has found something. */
  List<Conjunction> exclude(OpenPart part) {
    Map<Integer, SortedSet<Integer>> byLabel = new LinkedHashMap<>();
    part.cases()
        .forEach(
            wanted ->
                Margin.of(wanted)
                    .ifPresent(
                        margin ->
                            byLabel
                                .computeIfAbsent(margin.label(), label -> new TreeSet<>())
                                .add(margin.other())));
    List<Integer> proved = new ArrayList<>();
    byLabel.forEach(
        (label, others) -> {
          if (!expired.getAsBoolean() && proves(part, label, others)) {
            proved.add(label);
          }
        });
    return part.cases().stream()
        .filter(wanted -> Margin.of(wanted).filter(one -> proved.contains(one.label())).isEmpty())
        .toList();
  }

  /** How far the last search that proved nothing came, for people. */
  String progress() {
    return progress;
  }

  private boolean proves(OpenPart part, int label, SortedSet<Integer> others) {
    return bounds.inside(
        part,
        expired,
        (split, scope) -> {
          BranchAndBound.Result result =
              BranchAndBound.of(
                      split,
                      label,
                      BranchSettings.published(QUEUE_BYTES, split.unstable()),
                      probe,
                      LeafSolver.NONE,
                      expired,
                      scope)
                  .run(others.stream().mapToInt(Integer::intValue).toArray());
          progress = shown(label, result);
          return result.end() == BranchAndBound.End.PROVED
              && others.stream().allMatch(other -> positive(result.lower().get(other)));
        });
  }

  private static String shown(int label, BranchAndBound.Result result) {
    String worst =
        result.lower().entrySet().stream()
            .min(Map.Entry.comparingByValue())
            .map(
                lowest ->
                    String.format(
                        Locale.ROOT,
                        "Y_%d - Y_%d is at least %.4g",
                        label,
                        lowest.getKey(),
                        lowest.getValue()))
            .orElse("no margin is bounded yet");
    return worst + "; open parts " + result.open() + ", splits " + result.halvings();
  }

  private static boolean positive(@Nullable Double bound) {
    return bound != null && bound > 0;
  }

  /** Works with bounds of a part. */
  @FunctionalInterface
  interface Work {
    boolean with(SplitBounds bounds, Scope scope);
  }
}
