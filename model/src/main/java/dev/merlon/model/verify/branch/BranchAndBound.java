package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.bound.split.ProvedPart;
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
 * <p>Subproblems of {@code S}, worst bound first, are halved at a neuron {@code z_i} whose sign is
 * open ({@code z_i >= 0} or {@code z_i <= 0}); in each half the constraint {@code -s_i z_i <= 0} of
 * every split enters the backward pass by a multiplier {@code beta_i >= 0}, and {@code max over
 * alpha, beta of min over x of (a + P beta)^T x + b} bounds the function from below (equation 8 of
 * the paper). A half whose bound is above the goal is forgotten. For one question; not thread-safe.
 */
public final class BranchAndBound {
  // How many points of a batch the probe is given.
  private static final int PROBED = 16;

  private final Bounding bounding;
  private final BranchSettings settings;
  private final Probe probe;
  private final LeafSolver leaves;
  private final Branching branching;
  private final Halving halving;
  private final PriorityQueue<Domain> queue =
      new PriorityQueue<>(Comparator.comparingDouble(Domain::lower));
  private final Map<Integer, Double> lower = new HashMap<>();
  private Optional<ProvedParts> proved = Optional.empty();
  private int halvings;

  BranchAndBound(
      Bounding bounding, BranchSettings settings, Probe probe, LeafSolver leaves, Halving halving) {
    this.bounding = bounding;
    this.settings = settings;
    this.probe = probe;
    this.leaves = leaves;
    this.halving = halving;
    this.branching = new Branching(bounding.bounds(), settings.shortlist());
  }

  /**
   * A search that has not begun.
   *
   * @param bounds over the set
   * @param functions which are bounded
   * @param probe looks for counterexamples on the way
   * @param leaves for parts in which nothing is left to split
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
    return new BranchAndBound(bounding, settings, probe, leaves, Halving.BY_SIGN);
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
    /** There were more open domains than may be kept. */
    FULL,
    /** Some part has nothing left to split and is not proved. */
    STUCK
  }

  /**
   * What the search found.
   *
   * @param end how it ended
   * @param lower bounds of the functions over the whole set, by number; only of those asked for
   * @param open number of domains that are not proved
   * @param halvings number of domains that were split
   * @param proofs of functions that are above the goal on the whole set, the parts that were proved
   *     one by one and are the set together, by number; none where they were not kept
   */
  public record Result(
      End end,
      Map<Integer, Double> lower,
      int open,
      int halvings,
      Map<Integer, List<ProvedPart>> proofs) {
    /** Copies the maps. */
    public Result {
      lower = Map.copyOf(lower);
      proofs = Map.copyOf(proofs);
    }
  }

  /** The same search, which keeps what it proves parts with. */
  public BranchAndBound keepingProofs() {
    proved = Optional.of(new ProvedParts());
    return this;
  }

  /**
   * Searches. To be called once.
   *
   * @param numbers the functions that have to be above the goal; none other is looked at
   */
  public Result run(int... numbers) {
    List<Domain.Half> whole =
        IntStream.of(numbers)
            .mapToObj(
                number ->
                    new Domain.Half(number, bounding.bounds().whole(), Double.NEGATIVE_INFINITY))
            .toList();
    End end = search(whole);
    queue.forEach(domain -> lower.merge(domain.half().function(), domain.lower(), Math::min));
    Set<Integer> open =
        queue.stream().map(domain -> domain.half().function()).collect(Collectors.toSet());
    Map<Integer, List<ProvedPart>> proofs =
        proved.map(parts -> parts.without(open)).orElse(Map.of());
    return new Result(end, lower, queue.size(), halvings, proofs);
  }

  private End search(List<Domain.Half> whole) {
    End end = keep(bounding.raised(whole, settings.root())) ? End.REFUTED : End.PROVED;
    while (end == End.PROVED && !queue.isEmpty()) {
      if (bounding.expired().getAsBoolean()) {
        return End.EXPIRED;
      }
      if (queue.size() > settings.domains()) {
        return End.FULL;
      }
      List<Domain> worst = worst();
      end = finish(worst.stream().filter(Domain::leaf).toList());
      List<Domain> others = worst.stream().filter(domain -> !domain.leaf()).toList();
      if (end == End.REFUTED) {
        queue.addAll(others);
        return end;
      }
      end = keep(bounding.raised(chosen(others), settings.part())) ? End.REFUTED : end;
      halvings += others.size();
    }
    return end;
  }

  private List<Domain> worst() {
    SplitBounds bounds = bounding.bounds();
    int most = Math.max(1, Math.min(settings.batch(), bounds.rowsAtOnce(bounds.output()) / 2));
    List<Domain> worst = new ArrayList<>();
    while (worst.size() < most && !queue.isEmpty()) {
      worst.add(queue.poll());
    }
    return worst;
  }

  /** Puts the parts that are not proved into the queue; whether one was refuted. */
  private boolean keep(List<Domain.Half> parts) {
    List<Domain.Half> open = parts.stream().filter(this::unproved).toList();
    List<SplitBounds.Insight> insights = bounding.inspected(open);
    for (int i = 0; i < open.size(); i++) {
      double[] coefficients = insights.get(i).coefficients();
      Domain.Half half = open.get(i);
      queue.add(new Domain(half, branching.candidates(coefficients, half.part())));
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

  // A part that is proved is forgotten here and nowhere else.
  private boolean unproved(Domain.Half part) {
    if (part.lower() > settings.goal()) {
      lower.merge(part.function(), part.lower(), Math::min);
      proved.ifPresent(parts -> parts.add(part));
      return false;
    }
    return true;
  }

  /** Each domain halved at the candidate whose worse half is bounded best. */
  private List<Domain.Half> chosen(List<Domain> domains) {
    List<Domain.Half> chosen = new ArrayList<>();
    List<List<Domain.Half>> options = new ArrayList<>();
    for (Domain domain : domains) {
      domain.candidates().forEach(neuron -> options.add(halving.halves(domain, neuron)));
    }
    List<Domain.Half> flat = options.stream().flatMap(List::stream).toList();
    List<Domain.Half> tried = bounding.raised(flat, settings.part().once());
    int option = 0;
    int next = 0;
    for (Domain domain : domains) {
      List<Domain.Half> best = List.of();
      for (int i = 0; i < domain.candidates().size(); i++) {
        int size = options.get(option++).size();
        List<Domain.Half> halves = tried.subList(next, next + size);
        next += size;
        best = best.isEmpty() || worst(halves) > worst(best) ? halves : best;
      }
      chosen.addAll(best);
    }
    return chosen;
  }

  private static double worst(List<Domain.Half> halves) {
    return halves.stream().mapToDouble(Domain.Half::lower).min().orElseThrow();
  }

  /**
   * Bounds parts with nothing left to split as well as possible: {@link End#STUCK} if one stays
   * open, and no counterexample is found where its function is smallest.
   */
  private End finish(List<Domain> leafs) {
    List<Domain.Half> raised =
        bounding.raised(leafs.stream().map(Domain::half).toList(), settings.leaf());
    List<double[]> points = new ArrayList<>();
    End end = End.PROVED;
    for (Domain.Half half : raised) {
      boolean late = bounding.expired().getAsBoolean();
      LeafSolver.Leaf leaf =
          late || half.lower() > settings.goal()
              ? new LeafSolver.Leaf(half.lower(), Optional.empty())
              : leaves.solve(half.function(), half.part());
      Domain.Half solved = half.with(leaf);
      if (unproved(solved)) {
        queue.add(new Domain(solved, List.of()));
        leaf.point().ifPresent(points::add);
        end = late ? end : End.STUCK;
      }
    }
    return !points.isEmpty() && probe.finds(points) ? End.REFUTED : end;
  }
}
