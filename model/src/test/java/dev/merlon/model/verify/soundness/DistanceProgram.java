package dev.merlon.model.verify.soundness;

import com.google.ortools.Loader;
import com.google.ortools.linearsolver.MPConstraint;
import com.google.ortools.linearsolver.MPSolver;
import com.google.ortools.linearsolver.MPSolver.ResultStatus;
import com.google.ortools.linearsolver.MPSolverParameters;
import com.google.ortools.linearsolver.MPSolverParameters.DoubleParam;
import com.google.ortools.linearsolver.MPVariable;
import dev.merlon.model.verify.soundness.PlainNetwork.Form;
import dev.merlon.model.verify.soundness.PlainNetwork.Neuron;

/**
 * How near a point is at which one class catches up with the label, by mixed-integer programming
 * (Tjeng et al. 2019) over interval bounds of its own; for {@code linf} and {@code l1}.
 */
final class DistanceProgram implements AutoCloseable {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final int MOST_MILLIS = 20_000;

  static {
    Loader.loadNativeLibraries();
  }

  private final MPSolver solver = MPSolver.createSolver("SCIP");
  private final MPSolverParameters exact = new MPSolverParameters();
  private final PlainNetwork network;
  private final Ball ball;
  private final MPVariable[] values;
  private final MPVariable radius;

  private DistanceProgram(PlainNetwork network, Ball ball, double most) {
    this.network = network;
    this.ball = ball;
    this.values = new MPVariable[network.inputs() + network.neurons().size()];
    this.radius = solver.makeNumVar(0, most, "");
    exact.setDoubleParam(DoubleParam.RELATIVE_MIP_GAP, 0);
  }

  /**
   * What is known of the distance.
   *
   * @param lower no point is nearer
   * @param point the nearest one found; empty if there is none within the radius
   * @param closed whether the solver is done
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Distance(double lower, double[] point, boolean closed) {}

  /**
   * The distance of the nearest point at which a margin is not above 0.
   *
   * @param near the radius within which points are looked for is just above this point's distance
   */
  static Distance of(PlainNetwork network, Ball ball, Form margin, double... near) {
    double most = ball.distance(near) * (1 + 1e-6);
    try (DistanceProgram program = new DistanceProgram(network, ball, most)) {
      program.write(margin, most);
      return program.minimise();
    }
  }

  private void write(Form margin, double most) {
    double[] low = new double[values.length];
    double[] high = new double[values.length];
    for (int i = 0; i < network.inputs(); i++) {
      double at = ball.center()[i];
      low[i] = ball.clip() ? Math.max(0, at - most) : at - most;
      high[i] = ball.clip() ? Math.min(1, at + most) : at + most;
      values[i] = solver.makeNumVar(low[i], high[i], "");
    }
    distance();
    for (int i = 0; i < network.neurons().size(); i++) {
      neuron(network.neurons().get(i), network.inputs() + i, low, high, most);
    }
    MPConstraint caughtUp = solver.makeConstraint(-INFINITY, -margin.constant());
    add(caughtUp, margin, 1);
    solver.objective().setMinimization();
    solver.objective().setCoefficient(radius, 1);
  }

  private void distance() {
    MPConstraint sum = solver.makeConstraint(0, INFINITY);
    sum.setCoefficient(radius, 1);
    for (int i = 0; i < network.inputs(); i++) {
      MPVariable moved = ball.norm().equals("l1") ? solver.makeNumVar(0, INFINITY, "") : radius;
      for (int sign = -1; sign <= 1; sign += 2) {
        MPConstraint most = solver.makeConstraint(-sign * ball.center()[i], INFINITY);
        most.setCoefficient(moved, 1);
        most.setCoefficient(values[i], -sign);
      }
      if (ball.norm().equals("l1")) {
        sum.setCoefficient(moved, -1);
      }
    }
  }

  private void neuron(Neuron neuron, int value, double[] low, double[] high, double most) {
    Form z = neuron.operand();
    double[] ends = Intervals.ends(z, network, ball, most, low, high);
    double leak = neuron.leak();
    low[value] = neuron.at(ends[0]);
    high[value] = neuron.at(ends[1]);
    MPVariable h = solver.makeNumVar(low[value], high[value], "");
    values[value] = h;
    if (ends[0] >= 0 || ends[1] <= 0) {
      double slope = ends[0] >= 0 ? 1 : leak;
      relation(h, z, slope, slope * z.constant(), slope * z.constant());
      return;
    }
    relation(h, z, 1, z.constant(), INFINITY);
    relation(h, z, leak, leak * z.constant(), INFINITY);
    MPVariable active = solver.makeBoolVar("");
    double gap = (1 - leak) * ends[0];
    relation(h, z, 1, -INFINITY, z.constant() - gap).setCoefficient(active, -gap);
    relation(h, z, leak, -INFINITY, leak * z.constant())
        .setCoefficient(active, -(1 - leak) * ends[1]);
  }

  // low <= h - slope <weights of z, values> <= high
  private MPConstraint relation(MPVariable h, Form z, double slope, double low, double high) {
    MPConstraint relation = solver.makeConstraint(low, high);
    add(relation, z, -slope);
    relation.setCoefficient(h, 1);
    return relation;
  }

  private void add(MPConstraint constraint, Form form, double factor) {
    for (int i = 0; i < form.weights().length; i++) {
      if (form.weights()[i] != 0 && factor != 0) {
        constraint.setCoefficient(values[i], factor * form.weights()[i]);
      }
    }
  }

  private Distance minimise() {
    solver.setTimeLimit(MOST_MILLIS);
    ResultStatus status = solver.solve(exact);
    if (status == ResultStatus.INFEASIBLE) {
      return new Distance(radius.ub(), new double[0], true);
    }
    if (status != ResultStatus.OPTIMAL) {
      return new Distance(0, new double[0], false);
    }
    double[] point = new double[network.inputs()];
    for (int i = 0; i < point.length; i++) {
      point[i] = values[i].solutionValue();
    }
    return new Distance(solver.objective().bestBound(), point, true);
  }

  @Override
  public void close() {
    exact.delete();
    solver.delete();
  }
}
