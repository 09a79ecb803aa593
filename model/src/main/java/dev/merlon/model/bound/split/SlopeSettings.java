package dev.merlon.model.bound.split;

/**
 * How slopes and multipliers are optimised: projected gradient ascent by Adam.
 *
 * @param iterations how often the bounds are computed at most, at least 1; 1 changes no parameter
 * @param slopeRate first step of the slopes
 * @param multiplierRate first step of the multipliers
 * @param decay factor of both after each step
 * @param patience the optimisation ends after so many iterations in which the sum of the bounds,
 *     none counted beyond the goal, rose by less than a thousandth of its size; at least 1
 * @param goal bounds above it are high enough: once all are, the optimisation ends
 */
public record SlopeSettings(
    int iterations,
    double slopeRate,
    double multiplierRate,
    double decay,
    int patience,
    double goal) {

  /** Checks the ranges. */
  public SlopeSettings {
    if (iterations < 1 || patience < 1 || !(slopeRate > 0) || !(multiplierRate > 0)) {
      throw new IllegalArgumentException("slope optimisation needs iterations and positive steps");
    }
  }

  /** For a whole input set, with the steps published for alpha-CROWN. */
  public static SlopeSettings whole(int iterations) {
    return new SlopeSettings(iterations, 0.1, 0.1, 0.98, iterations, 0);
  }

  /** For subproblems that start from good parameters, with the steps published for beta-CROWN. */
  public static SlopeSettings subproblem(int iterations) {
    return new SlopeSettings(iterations, 0.01, 0.05, 0.98, iterations, 0);
  }

  /** The same with another patience. */
  public SlopeSettings withPatience(int iterationsWithoutGain) {
    return new SlopeSettings(
        iterations, slopeRate, multiplierRate, decay, iterationsWithoutGain, goal);
  }

  /** The bounds of the parameters given, unchanged. */
  public SlopeSettings once() {
    return new SlopeSettings(1, slopeRate, multiplierRate, decay, patience, goal);
  }

  /** The same with another goal. */
  public SlopeSettings withGoal(double highEnough) {
    return new SlopeSettings(iterations, slopeRate, multiplierRate, decay, patience, highEnough);
  }

  /** The same for bounds as high as they get. */
  public SlopeSettings withoutGoal() {
    return withGoal(Double.MAX_VALUE);
  }
}
