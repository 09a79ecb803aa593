package dev.merlon.model.verify.exact;

import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPVariable;
import dev.merlon.model.norm.PerturbationSet;

/** The points of a perturbation set that linear constraints describe, as variables of a program. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record InputVariables(MPVariable[] pixels) {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** The set around {@code x}, flat. */
  static InputVariables of(MPSolver solver, double[] x, PerturbationSet set) {
    MPVariable[] pixels = new MPVariable[x.length];
    for (int i = 0; i < x.length; i++) {
      double low = x[i] - set.eps();
      double high = x[i] + set.eps();
      pixels[i] =
          solver.makeNumVar(
              set.clip() ? Math.max(low, 0) : low, set.clip() ? Math.min(high, 1) : high, "");
    }
    if (!set.norm().ballIsBox()) {
      distances(solver, x, set.eps(), pixels);
    }
    return new InputVariables(pixels);
  }

  MPVariable pixel(int i) {
    return pixels[i];
  }

  // The ball of l_1: the distances of all pixels add up to the radius at most.
  private static void distances(MPSolver solver, double[] x, double eps, MPVariable[] pixels) {
    MPConstraint sum = solver.makeConstraint(-INFINITY, eps);
    for (int i = 0; i < x.length; i++) {
      MPVariable distance = solver.makeNumVar(0, eps, "");
      sum.setCoefficient(distance, 1);
      atLeast(solver, distance, pixels[i], 1, -x[i]);
      atLeast(solver, distance, pixels[i], -1, x[i]);
    }
  }

  /** {@code variable >= sign * other + constant}. */
  static void atLeast(
      MPSolver solver, MPVariable variable, MPVariable other, double sign, double constant) {
    MPConstraint constraint = solver.makeConstraint(constant, INFINITY);
    constraint.setCoefficient(variable, 1);
    constraint.setCoefficient(other, -sign);
  }
}
