package dev.merlon.model.verify.exact;

import com.google.ortools.linearsolver.MPSolver;
import com.sun.jna.Platform;
import dev.merlon.model.natives.NativeFailure;
import dev.merlon.model.natives.UnpackedJar;
import java.nio.file.Path;
import java.util.Optional;

/** The solvers of OR-Tools; their native library is loaded on first use. */
final class Solvers {
  private static boolean loaded;

  private Solvers() {}

  /** A solver without a program; whoever opens it deletes it. */
  static MPSolver open(String name) {
    load();
    return Optional.ofNullable(MPSolver.createSolver(name))
        .orElseThrow(() -> new IllegalStateException("OR-Tools comes without " + name));
  }

  // OR-Tools' own loader would unpack everything into the temporary folder at every start.
  private static synchronized void load() {
    if (!loaded) {
      String folder = "ortools-" + Platform.RESOURCE_PREFIX + "/";
      Path library = UnpackedJar.library(folder + System.mapLibraryName("jniortools"));
      try {
        System.load(library.toString());
      } catch (LinkageError broken) {
        throw NativeFailure.of("OR-Tools could not be loaded", broken);
      }
      loaded = true;
    }
  }
}
