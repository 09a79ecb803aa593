package dev.merlon.model.verify.exact;

import com.google.ortools.linearsolver.MPSolver;

/** Opens a solver, for tests of other packages. */
public final class SolverCheck {
  private SolverCheck() {}

  /** Loads the solvers' library. */
  public static void run() {
    MPSolver solver = Solvers.open("GLOP");
    solver.delete();
  }
}
