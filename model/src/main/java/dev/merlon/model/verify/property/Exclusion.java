package dev.merlon.model.verify.property;

import dev.merlon.model.verify.ladder.BoxSubproblem;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.specification.LinearConstraint.Term;
import dev.merlon.model.verify.vnnlib.Fractions;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Decides in exact arithmetic whether bounds exclude a constraint {@code <a, x> + <c, y> + b <= 0}
 * on a box of inputs: whether its left side is above 0 everywhere. Bounds are float64 numbers that
 * hold for the real function; coefficients of the text that are no float64 numbers are made up for.
 */
final class Exclusion {
  private Exclusion() {}

  /**
   * Whether a bound of the outputs' terms, with the nearest float64 coefficients, excludes the
   * constraint.
   *
   * @param bound of the terms over the subproblem, from below
   * @param lowest bounds of each output
   * @param highest bounds of each output
   */
  static boolean byRow(
      LinearConstraint constraint,
      double bound,
      BoxSubproblem subproblem,
      double[] lowest,
      double[] highest) {
    return Double.isFinite(bound) && bound > goal(constraint, subproblem, lowest, highest);
  }

  /**
   * What a bound of the outputs' terms has to be above to exclude the constraint, rounded to the
   * float64 number below it, which changes nothing for bounds that are float64; infinite where none
   * does.
   *
   * @param lowest bounds of each output
   * @param highest bounds of each output
   */
  static double goal(
      LinearConstraint constraint, BoxSubproblem subproblem, double[] lowest, double[] highest) {
    BigFraction sum = constraint.constant().add(inputs(constraint, subproblem));
    for (Term term : constraint.outputs()) {
      BigFraction off = difference(term);
      if (off.signum() > 0) {
        double size =
            Math.max(Math.abs(lowest[term.position()]), Math.abs(highest[term.position()]));
        if (!Double.isFinite(size)) {
          return Double.POSITIVE_INFINITY;
        }
        sum = sum.subtract(off.multiply(BigFraction.from(size)));
      }
    }
    return Fractions.floor(sum.negate()) + 0.0;
  }

  /** Whether bounds of each output exclude the constraint. */
  static boolean byOutputs(
      LinearConstraint constraint, BoxSubproblem subproblem, double[] lowest, double[] highest) {
    BigFraction sum = constraint.constant().add(inputs(constraint, subproblem));
    for (Term term : constraint.outputs()) {
      boolean rising = term.coefficient().signum() > 0;
      double end = rising ? lowest[term.position()] : highest[term.position()];
      if (!Double.isFinite(end)) {
        return false;
      }
      sum = sum.add(term.coefficient().multiply(BigFraction.from(end)));
    }
    return sum.signum() > 0;
  }

  /** The smallest value of the terms of inputs. */
  private static BigFraction inputs(LinearConstraint constraint, BoxSubproblem subproblem) {
    BigFraction sum = BigFraction.ZERO;
    for (Term term : constraint.inputs()) {
      boolean rising = term.coefficient().signum() > 0;
      double end =
          rising ? subproblem.lower()[term.position()] : subproblem.upper()[term.position()];
      sum = sum.add(term.coefficient().multiply(BigFraction.from(end)));
    }
    return sum;
  }

  /** How far the nearest float64 number is from a term's coefficient. */
  private static BigFraction difference(Term term) {
    BigFraction off = term.coefficient().subtract(BigFraction.from(term.nearest()));
    return off.signum() < 0 ? off.negate() : off;
  }
}
