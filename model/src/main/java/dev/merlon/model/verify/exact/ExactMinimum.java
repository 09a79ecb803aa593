package dev.merlon.model.verify.exact;

/**
 * The smallest margin over a perturbation set, as a solver found it. Solvers work with tolerances
 * (about 1e-6 of a constraint's size), and so do both numbers.
 *
 * @param lower what the solver says no point goes below; minus infinity if it was stopped before it
 *     knew anything
 * @param upper the margin, computed by the network itself, at the best point found; infinite
 *     without a point
 * @param point the best point found, flat, in the un-normalised input space; empty without one
 * @param proved whether the solver closed the gap between its own two numbers
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
public record ExactMinimum(double lower, double upper, double[] point, boolean proved) {
  /** That of no margin at all. */
  static final ExactMinimum NONE =
      new ExactMinimum(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, new double[0], true);

  /** One of which only a bound is known. */
  static ExactMinimum unsolved(double lower) {
    return new ExactMinimum(lower, Double.POSITIVE_INFINITY, new double[0], false);
  }

  /** The smaller of two margins' minima. */
  ExactMinimum and(ExactMinimum other) {
    ExactMinimum reached = other.upper < upper ? other : this;
    return new ExactMinimum(
        Math.min(lower, other.lower), reached.upper, reached.point, proved && other.proved);
  }

  /** The same, with a bound from elsewhere where the solver was stopped. */
  ExactMinimum atLeast(double bound) {
    return proved ? this : new ExactMinimum(Math.max(lower, bound), upper, point, false);
  }
}
