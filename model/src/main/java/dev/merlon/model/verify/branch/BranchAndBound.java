package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.bound.split.ProvedSubproblem;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Branch and bound with beta-CROWN (Wang et al. 2021). To be shown: {@code min over x in S of c^T
 * f(x) > goal} for linear functions {@code c} of the outputs, which share one queue.
 *
 * <p>Subproblems of {@code S}, worst bound first, are split at a neuron {@code z_i} whose sign is
 * open ({@code z_i >= 0} or {@code z_i <= 0}); in each of the two the constraint {@code -s_i z_i <=
 * 0} of every split enters the backward pass by a multiplier {@code beta_i >= 0}, and {@code max
 * over alpha, beta of min over x of (a + P beta)^T x + b} bounds the function from below (equation
 * 8 of the paper). One whose bound is above the goal is forgotten. For one question; not
 * thread-safe.
 */
public final class BranchAndBound {
  // How many points of a batch the probe is given.
  private static final int PROBED = 16;

  private final Bounding bounding;
  private final BranchSettings settings;
  private final Probe probe;
  private final LeafSolver leaves;
  private final Branching branching;
  private final Splitting splitting;
  private final PriorityQueue<OpenSubproblem> queue =
      new PriorityQueue<>(Comparator.comparingDouble(OpenSubproblem::lower));
  private final Map<Integer, Double> lower = new HashMap<>();
  private Optional<ProvedSubproblems> proved = Optional.empty();
  private int splits;

  BranchAndBound(
      Bounding bounding,
      BranchSettings settings,
      Probe probe,
      LeafSolver leaves,
      Splitting splitting) {
    this.bounding = bounding;
    this.settings = settings;
    this.probe = probe;
    this.leaves = leaves;
    this.splitting = splitting;
    this.branching = new Branching(bounding.bounds(), settings.shortlist());
  }

  /**
   * A search that has not begun.
   *
   * @param bounds over the set
   * @param functions which are bounded
   * @param probe looks for counterexamples on the way
   * @param leaves for subproblems in which nothing is left to split
   * @param expired whether time is up
   * @param scope to work in
   */
  public static BranchAndBound of(
      SplitBounds bounds,
      OutputRows functions,
      BranchSettings settings,
      Probe probe,
      LeafSolver leaves,
      BooleanSupplier expired,
      Scope scope) {
    Bounding bounding = new Bounding(bounds, functions, expired, scope);
    return new BranchAndBound(bounding, settings, probe, leaves, Splitting.BY_SIGN);
  }

  /** Looks for a counterexample. */
  @FunctionalInterface
  public interface Probe {
    /** Finds none. */
    Probe NONE = points -> false;

    /**
     * Whether a counterexample was found.
     *
     * @param points where relaxed functions are smallest, the most promising first, flat
     */
    boolean finds(List<double[]> points);
  }

  /** How the search ended. */
  public enum End {
    /** Every function is above the goal on the whole set. */
    PROVED,
    /** The probe found a counterexample. */
    REFUTED,
    /** Time was up. */
    EXPIRED,
    /** There were more open subproblems than may be kept. */
    FULL,
    /** Some subproblem has nothing left to split and is not proved. */
    STUCK
  }

  /**
   * What the search found.
   *
   * @param end how it ended
   * @param lower bounds of the functions over the whole set, by number; only of those asked for
   * @param open number of subproblems that are not proved
   * @param splits number of subproblems that were split
   * @param proofs of functions that are above the goal on the whole set, the subproblems that were
   *     proved one by one and are the set together, by number; none where they were not kept
   */
  public record Result(
      End end,
      Map<Integer, Double> lower,
      int open,
      int splits,
      Map<Integer, List<ProvedSubproblem>> proofs) {
    /** Copies the maps. */
    public Result {
      lower = Map.copyOf(lower);
      proofs = Map.copyOf(proofs);
    }
  }

  /** The same search, which keeps what it proves subproblems with. */
  public BranchAndBound keepingProofs() {
    proved = Optional.of(new ProvedSubproblems());
    return this;
  }

  /**
   * Searches. To be called once.
   *
   * @param numbers the functions that have to be above the goal; none other is looked at
   */
  public Result run(int... numbers) {
    List<BoundedSubproblem> whole =
        IntStream.of(numbers)
            .mapToObj(
                number ->
                    new BoundedSubproblem(
                        number, bounding.bounds().whole(), Double.NEGATIVE_INFINITY))
            .toList();
    End end = search(whole);
    queue.forEach(
        subproblem -> lower.merge(subproblem.bounded().function(), subproblem.lower(), Math::min));
    Set<Integer> open =
        queue.stream()
            .map(subproblem -> subproblem.bounded().function())
            .collect(Collectors.toSet());
    Map<Integer, List<ProvedSubproblem>> proofs =
        proved.map(subproblems -> subproblems.without(open)).orElse(Map.of());
    return new Result(end, lower, queue.size(), splits, proofs);
  }

  private End search(List<BoundedSubproblem> whole) {
    End end = keep(bounding.raised(whole, settings.root())) ? End.REFUTED : End.PROVED;
    while (end == End.PROVED && !queue.isEmpty()) {
      if (bounding.expired().getAsBoolean()) {
        return End.EXPIRED;
      }
      if (queue.size() > settings.subproblems()) {
        return End.FULL;
      }
      List<OpenSubproblem> worst = worst();
      end = finish(worst.stream().filter(OpenSubproblem::leaf).toList());
      List<OpenSubproblem> others =
          worst.stream().filter(subproblem -> !subproblem.leaf()).toList();
      if (end == End.REFUTED) {
        queue.addAll(others);
        return end;
      }
      end = keep(bounding.raised(chosen(others), settings.subproblem())) ? End.REFUTED : end;
      splits += others.size();
    }
    return end;
  }

  private List<OpenSubproblem> worst() {
    SplitBounds bounds = bounding.bounds();
    int most = Math.max(1, Math.min(settings.batch(), bounds.rowsAtOnce(bounds.output()) / 2));
    List<OpenSubproblem> worst = new ArrayList<>();
    while (worst.size() < most && !queue.isEmpty()) {
      worst.add(queue.poll());
    }
    return worst;
  }

  /** Puts the subproblems that are not proved into the queue; whether one was refuted. */
  private boolean keep(List<BoundedSubproblem> subproblems) {
    List<BoundedSubproblem> open = subproblems.stream().filter(this::unproved).toList();
    List<SplitBounds.Insight> insights = bounding.inspected(open);
    for (int i = 0; i < open.size(); i++) {
      double[] coefficients = insights.get(i).coefficients();
      BoundedSubproblem bounded = open.get(i);
      queue.add(
          new OpenSubproblem(bounded, branching.candidates(coefficients, bounded.subproblem())));
    }
    List<double[]> points =
        IntStream.range(0, open.size())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> open.get(i).lower()))
            .limit(PROBED)
            .map(i -> insights.get(i).minimiser())
            .toList();
    return !points.isEmpty() && probe.finds(points);
  }

  // A subproblem that is proved is forgotten here and nowhere else.
  private boolean unproved(BoundedSubproblem subproblem) {
    if (subproblem.lower() > settings.goal()) {
      lower.merge(subproblem.function(), subproblem.lower(), Math::min);
      proved.ifPresent(subproblems -> subproblems.add(subproblem));
      return false;
    }
    return true;
  }

  /** Each subproblem split at the candidate whose worse side is bounded best. */
  private List<BoundedSubproblem> chosen(List<OpenSubproblem> subproblems) {
    List<BoundedSubproblem> chosen = new ArrayList<>();
    List<List<BoundedSubproblem>> options = new ArrayList<>();
    for (OpenSubproblem subproblem : subproblems) {
      subproblem.candidates().forEach(neuron -> options.add(splitting.split(subproblem, neuron)));
    }
    List<BoundedSubproblem> flat = options.stream().flatMap(List::stream).toList();
    List<BoundedSubproblem> tried = bounding.raised(flat, settings.subproblem().once());
    int option = 0;
    int next = 0;
    for (OpenSubproblem subproblem : subproblems) {
      List<BoundedSubproblem> best = List.of();
      for (int i = 0; i < subproblem.candidates().size(); i++) {
        int size = options.get(option++).size();
        List<BoundedSubproblem> both = tried.subList(next, next + size);
        next += size;
        best = best.isEmpty() || worst(both) > worst(best) ? both : best;
      }
      chosen.addAll(best);
    }
    return chosen;
  }

  private static double worst(List<BoundedSubproblem> both) {
    return both.stream().mapToDouble(BoundedSubproblem::lower).min().orElseThrow();
  }

  /**
   * Bounds subproblems with nothing left to split as well as possible: {@link End#STUCK} if one
   * stays open, and no counterexample is found where its function is smallest.
   */
  private End finish(List<OpenSubproblem> leafs) {
    List<BoundedSubproblem> raised =
        bounding.raised(leafs.stream().map(OpenSubproblem::bounded).toList(), settings.leaf());
    List<double[]> points = new ArrayList<>();
    End end = End.PROVED;
    for (BoundedSubproblem bounded : raised) {
      boolean late = bounding.expired().getAsBoolean();
      LeafSolver.Leaf leaf =
          late || bounded.lower() > settings.goal()
              ? new LeafSolver.Leaf(bounded.lower(), Optional.empty())
              : leaves.solve(bounded.function(), bounded.subproblem());
      BoundedSubproblem solved = bounded.with(leaf);
      if (unproved(solved)) {
        queue.add(new OpenSubproblem(solved, List.of()));
        leaf.point().ifPresent(points::add);
        end = late ? end : End.STUCK;
      }
    }
    return !points.isEmpty() && probe.finds(points) ? End.REFUTED : end;
  }
}
