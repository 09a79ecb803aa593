package dev.merlon.tests.planted.model.network;

import com.google.ortools.linearsolver.MPSolver;

/** Touches the solvers outside their package. */
public final class NetworkThatSolves {
  private NetworkThatSolves() {}

  /** What it may not know. */
  public static String solver() {
    return MPSolver.class.getName();
  }
}
