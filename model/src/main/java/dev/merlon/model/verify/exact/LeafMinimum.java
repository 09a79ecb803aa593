package dev.merlon.model.verify.exact;

import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPObjective;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPSolver.ResultStatus;
import com.google.ortools.linearsolver.MPVariable;
import dev.merlon.model.norm.LinearRegion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The linear program of a leaf, solved by GLOP. A split may be violated at a high price, so that
 * the program of an empty subproblem has a solution too: its multipliers then raise the bound far
 * above the margin.
 */
final class LeafMinimum implements AutoCloseable {
  // Price of a violation, in sizes of the margin's coefficients.
  private static final double PRICE = 1e4;
  private static final int MOST_MILLIS = 5_000;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final MPSolver solver;
  private final InputVariables input;
  private final List<AffineLeaf.Split> splits;

  private LeafMinimum(MPSolver solver, InputVariables input, List<AffineLeaf.Split> splits) {
    this.solver = solver;
    this.input = input;
    this.splits = splits;
  }

  static LeafMinimum of(LinearRegion region, List<AffineLeaf.Split> splits) {
    MPSolver solver = Solvers.open("GLOP");
    try {
      return new LeafMinimum(solver, InputVariables.of(solver, region), splits);
    } catch (RuntimeException | Error failed) {
      solver.delete();
      throw failed;
    }
  }

  /**
   * What the solver found.
   *
   * @param multipliers of the splits, at least 0; 0 for all if it found none
   * @param point where the function is smallest
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
  record Solution(float[] multipliers, Optional<double[]> point) {}

  /**
   * The least value of a function.
   *
   * @param nanos time that is left
   */
  Solution minimise(AffineLeaf.Row margin, long nanos) {
    double size = Arrays.stream(margin.coefficients()).map(Math::abs).sum();
    List<List<MPConstraint>> constraints = new ArrayList<>();
    MPObjective objective = solver.objective();
    objective.setMinimization();
    for (int i = 0; i < margin.coefficients().length; i++) {
      objective.setCoefficient(input.pixel(i), margin.coefficients()[i]);
    }
    for (AffineLeaf.Split split : splits) {
      constraints.add(
          split
              .row()
              .map(row -> List.of(constraint(row, split.active(), objective, size)))
              .orElse(List.of()));
    }
    solver.setTimeLimit(Math.max(1, Math.min(MOST_MILLIS, nanos / 1_000_000)));
    float[] multipliers = new float[splits.size()];
    if (solver.solve() != ResultStatus.OPTIMAL) {
      return new Solution(multipliers, Optional.empty());
    }
    for (int i = 0; i < multipliers.length; i++) {
      double sum = constraints.get(i).stream().mapToDouble(MPConstraint::dualValue).sum();
      multipliers[i] = (float) Math.max(0, sum);
    }
    double[] point = new double[margin.coefficients().length];
    Arrays.setAll(point, i -> input.pixel(i).solutionValue());
    return new Solution(multipliers, Optional.of(point));
  }

  // z >= 0, or -z >= 0, each with a slack that has its price.
  private MPConstraint constraint(
      AffineLeaf.Row row, boolean active, MPObjective objective, double size) {
    double sign = active ? 1 : -1;
    double rowSize = Arrays.stream(row.coefficients()).map(Math::abs).sum();
    MPConstraint constraint = solver.makeConstraint(-sign * row.constant(), INFINITY);
    for (int i = 0; i < row.coefficients().length; i++) {
      if (row.coefficients()[i] != 0) {
        constraint.setCoefficient(input.pixel(i), sign * row.coefficients()[i]);
      }
    }
    MPVariable slack = solver.makeNumVar(0, INFINITY, "");
    constraint.setCoefficient(slack, 1);
    objective.setCoefficient(slack, PRICE * Math.max(size, 1e-9) / Math.max(rowSize, 1e-9));
    return constraint;
  }

  @Override
  public void close() {
    solver.delete();
  }
}
