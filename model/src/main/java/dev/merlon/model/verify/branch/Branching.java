package dev.merlon.model.verify.branch;

import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.bound.split.Subproblem;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Ranks neurons by what splitting them may gain: BaBSR (Bunel et al. 2020), and its subproblem that
 * comes from the upper line's intercept alone.
 */
final class Branching {
  private final double[] slopes;
  private final double[] intercepts;
  private final double[] biases;
  private final int shortlist;

  Branching(SplitBounds bounds, int shortlist) {
    double[] lower = bounds.ends(false);
    double[] upper = bounds.ends(true);
    this.slopes = new double[lower.length];
    this.intercepts = new double[lower.length];
    for (int i = 0; i < lower.length; i++) {
      slopes[i] = upper[i] / (upper[i] - lower[i]);
      intercepts[i] = -slopes[i] * lower[i];
    }
    this.biases = bounds.biases();
    this.shortlist = shortlist;
  }

  /**
   * The best neurons of both rankings, the first ranking's first.
   *
   * @param coefficients of the relaxed function on the neurons' values
   */
  List<Integer> candidates(double[] coefficients, Subproblem subproblem) {
    boolean[] open = new boolean[slopes.length];
    for (int i = 0; i < open.length; i++) {
      open[i] = coefficients[i] != 0;
    }
    for (int i = 0; i < subproblem.splits().length; i++) {
      open[subproblem.neuron(i)] = false;
    }
    Set<Integer> best = new LinkedHashSet<>();
    best.addAll(best(open, i -> score(coefficients, i)));
    best.addAll(best(open, i -> -Math.min(0, coefficients[i]) * intercepts[i]));
    return List.copyOf(best);
  }

  // What the neuron's bias loses by the better of both sides, less what its intercept loses now.
  private double score(double[] coefficients, int i) {
    double bias = coefficients[i] * biases[i];
    double ofBias = Math.max(bias * (slopes[i] - 1), bias * slopes[i]);
    return Math.abs(ofBias + Math.min(0, coefficients[i]) * intercepts[i]);
  }

  private List<Integer> best(boolean[] open, IntToDoubleFunction score) {
    return IntStream.range(0, open.length)
        .filter(i -> open[i])
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -score.applyAsDouble(i)))
        .limit(shortlist)
        .toList();
  }
}
