package dev.merlon.model.verify.exact;

import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPVariable;
import dev.merlon.model.norm.LinearRegion;
import java.util.Arrays;

/** The points of a perturbation set that linear constraints describe, as variables of a program. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record InputVariables(MPVariable[] pixels) {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** The points of a region. */
  static InputVariables of(MPSolver solver, LinearRegion region) {
    MPVariable[] all = new MPVariable[region.lower().length];
    Arrays.setAll(all, i -> solver.makeNumVar(region.lower()[i], region.upper()[i], ""));
    for (LinearRegion.Row row : region.rows()) {
      MPConstraint constraint = solver.makeConstraint(row.lower(), row.upper());
      for (int k = 0; k < row.variables().length; k++) {
        constraint.setCoefficient(all[row.variables()[k]], row.coefficients()[k]);
      }
    }
    return new InputVariables(Arrays.copyOf(all, region.pixels()));
  }

  MPVariable pixel(int i) {
    return pixels[i];
  }

  /** {@code variable >= sign * other + constant}. */
  static void atLeast(
      MPSolver solver, MPVariable variable, MPVariable other, double sign, double constant) {
    MPConstraint constraint = solver.makeConstraint(constant, INFINITY);
    constraint.setCoefficient(variable, 1);
    constraint.setCoefficient(other, -sign);
  }
}
