package dev.merlon.model.verify.exact;

import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPObjective;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPSolver.ResultStatus;
import com.google.ortools.linearsolver.MPSolverParameters;
import com.google.ortools.linearsolver.MPSolverParameters.DoubleParam;
import com.google.ortools.linearsolver.MPVariable;
import dev.merlon.model.bound.linear.AffinePiece;
import dev.merlon.model.norm.LinearRegion;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One mixed-integer program: an input near a point, and a network of rectifiers. Solved by SCIP;
 * HiGHS, as reached through OR-Tools, reports the value of its best point as its bound.
 */
final class MarginProgram implements AutoCloseable {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final MPSolver solver;
  private final Map<Integer, MPVariable[]> values = new HashMap<>();

  private MarginProgram(MPSolver solver) {
    this.solver = solver;
  }

  /**
   * What the solver found.
   *
   * @param lower its bound of the minimum
   * @param point its best point
   * @param optimal whether it says that this is the minimum
   */
  record Solution(double lower, Optional<double[]> point, boolean optimal) {}

  static MarginProgram of(LinearRegion region, List<RectifierLayer> layers) {
    MarginProgram program = new MarginProgram(Solvers.open("SCIP"));
    try {
      program.leaveSignalsAlone();
      program.values.put(0, InputVariables.of(program.solver, region).pixels());
      layers.forEach(program::layer);
      return program;
    } catch (RuntimeException | Error failed) {
      program.close();
      throw failed;
    }
  }

  // Else an interrupt ends the search for one minimum and nobody else hears of it.
  private void leaveSignalsAlone() {
    if (!solver.setSolverSpecificParametersAsString("misc/catchctrlc = FALSE")) {
      throw new IllegalStateException("SCIP does not know misc/catchctrlc");
    }
  }

  Solution minimise(AffinePiece logits, int label, int other, Duration limit) {
    MPObjective objective = solver.objective();
    objective.setMinimization();
    objective.setOffset(logits.constants()[label] - logits.constants()[other]);
    logits
        .coefficients()
        .forEach(
            (value, rows) -> {
              MPVariable[] variables = variables(value);
              for (int i = 0; i < variables.length; i++) {
                objective.setCoefficient(variables[i], rows[label][i] - rows[other][i]);
              }
            });
    solver.setTimeLimit(limit.toMillis());
    try (Parameters parameters = new Parameters()) {
      return solution(solver.solve(parameters.exact));
    }
  }

  private Solution solution(ResultStatus status) {
    boolean optimal = status == ResultStatus.OPTIMAL;
    boolean found = optimal || status == ResultStatus.FEASIBLE;
    Optional<double[]> point =
        found
            ? Optional.of(
                Arrays.stream(variables(0)).mapToDouble(MPVariable::solutionValue).toArray())
            : Optional.empty();
    double lower = found ? solver.objective().bestBound() : Double.NEGATIVE_INFINITY;
    return new Solution(lower, point, optimal);
  }

  @Override
  public void close() {
    solver.delete();
  }

  /** No gap is left open. */
  private static final class Parameters implements AutoCloseable {
    private final MPSolverParameters exact = new MPSolverParameters();

    Parameters() {
      exact.setDoubleParam(DoubleParam.RELATIVE_MIP_GAP, 0);
    }

    @Override
    public void close() {
      exact.delete();
    }
  }

  private MPVariable[] variables(int value) {
    return Optional.ofNullable(values.get(value)).orElseThrow();
  }

  private void layer(RectifierLayer layer) {
    MPVariable[] results = new MPVariable[layer.width()];
    for (int i = 0; i < results.length; i++) {
      results[i] = layer.unstable(i) ? unstable(layer, i) : stable(layer, i);
    }
    values.put(layer.value(), results);
  }

  private MPVariable stable(RectifierLayer layer, int i) {
    double factor = layer.lower()[i] >= 0 ? 1 : layer.slope();
    MPVariable result = variable(factor * layer.lower()[i], factor * layer.upper()[i]);
    equal(result, layer.operand(), i, factor);
    return result;
  }

  // With z the operand and p = max(z, 0): the rectifier is p + slope (z - p).
  private MPVariable unstable(RectifierLayer layer, int i) {
    double low = layer.lower()[i];
    double high = layer.upper()[i];
    MPVariable z = variable(low, high);
    equal(z, layer.operand(), i, 1);
    MPVariable positive = variable(0, high);
    MPVariable active = solver.makeBoolVar("");
    InputVariables.atLeast(solver, positive, z, 1, 0);
    MPConstraint whenInactive = solver.makeConstraint(-INFINITY, 0);
    whenInactive.setCoefficient(positive, 1);
    whenInactive.setCoefficient(active, -high);
    MPConstraint whenActive = solver.makeConstraint(-INFINITY, -low);
    whenActive.setCoefficient(positive, 1);
    whenActive.setCoefficient(z, -1);
    whenActive.setCoefficient(active, -low);
    if (layer.slope() == 0) {
      return positive;
    }
    MPVariable result = variable(layer.slope() * low, high);
    MPConstraint mixed = solver.makeConstraint(0, 0);
    mixed.setCoefficient(result, 1);
    mixed.setCoefficient(z, -layer.slope());
    mixed.setCoefficient(positive, layer.slope() - 1);
    return result;
  }

  /** {@code variable = factor * neuron}. */
  private void equal(MPVariable variable, AffinePiece piece, int neuron, double factor) {
    double constant = factor * piece.constants()[neuron];
    MPConstraint constraint = solver.makeConstraint(constant, constant);
    constraint.setCoefficient(variable, 1);
    piece
        .coefficients()
        .forEach(
            (value, rows) -> {
              MPVariable[] sources = variables(value);
              for (int k = 0; k < sources.length; k++) {
                if (rows[neuron][k] != 0) {
                  constraint.setCoefficient(sources[k], -factor * rows[neuron][k]);
                }
              }
            });
  }

  private MPVariable variable(double low, double high) {
    return solver.makeNumVar(low, high, "");
  }
}
