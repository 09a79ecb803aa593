package dev.merlon.model.verify.exact;

import com.google.ortools.Loader;
import com.google.ortools.linearsolver.MPSolver;
import java.util.Optional;

/** The solvers of OR-Tools; their native library is loaded on first use. */
final class Solvers {
  static {
    Loader.loadNativeLibraries();
  }

  private Solvers() {}

  /** A solver without a program; whoever opens it deletes it. */
  static MPSolver open(String name) {
    return Optional.ofNullable(MPSolver.createSolver(name))
        .orElseThrow(() -> new IllegalStateException("OR-Tools comes without " + name));
  }
}
