package dev.merlon.model.natives;

import ai.djl.util.Utils;
import com.sun.jna.Platform;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.home.MerlonHome;
import dev.merlon.config.home.PrivateFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The folder of native libraries: private, and on a file system from which code may be run. */
public final class NativeFolder {
  private static final String ENGINE = "pytorch";
  private static final String ENGINE_CACHE = "DJL_CACHE_DIR";

  private NativeFolder() {}

  /**
   * The folder of this process, made if need be.
   *
   * @throws MerlonException if it cannot be used, as {@link #usable}
   */
  public static Path ofProcess() {
    return usable(MerlonHome.ofProcess().natives());
  }

  /**
   * The folder into which DJL unpacks its engine: one of its own where its variable {@code
   * DJL_CACHE_DIR} or {@code ENGINE_CACHE_DIR} names one, which is held to the same rules.
   *
   * @throws MerlonException if it cannot be used, as {@link #usable}
   */
  public static Path ofEngine() {
    setUnlessSet(ENGINE_CACHE, MerlonHome.ofProcess().natives());
    // JNA, with which DJL looks for CUDA and Merlon for the engine's switches, would unpack its own
    // library at every start.
    Path jna =
        UnpackedJar.library(
            "com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + System.mapLibraryName("jnidispatch"));
    setUnlessSet("jna.boot.library.path", Optional.ofNullable(jna.getParent()).orElse(jna));
    return usable(Utils.getEngineCacheDir(ENGINE));
  }

  /** Loads the engine; one process at a time unpacks it, and what one that died left is deleted. */
  public static <T> T loadingEngine(Supplier<T> load) throws IOException {
    Path folder = ofEngine();
    if (isUnpacked(folder)) {
      return load.get();
    }
    try (UnpackingLock unpacking = UnpackingLock.in(folder)) {
      return load.get();
    }
  }

  /**
   * A folder that native libraries may be loaded from, made if need be.
   *
   * @throws MerlonException (configuration) if others could write there or no code may be run from
   *     there; (device) if there is no room
   */
  static Path usable(Path folder) {
    Path real = PrivateFolder.make(folder);
    if (forbidsCode(real)) {
      throw MerlonException.configuration(
          "No native library can be loaded from " + real + ": its file system is mounted noexec",
          "Set MERLON_HOME to a folder on another file system.");
    }
    return real;
  }

  private static void setUnlessSet(String property, Path folder) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, folder.toString());
    }
  }

  // A file of one's own that may be executed, and yet may not: the mount forbids it.
  private static boolean forbidsCode(Path folder) {
    Optional<Path> probe = Optional.empty();
    try {
      probe = Optional.of(Files.createTempFile(folder, "probe", ""));
      return probe.get().toFile().setExecutable(true) && !Files.isExecutable(probe.get());
    } catch (IOException readOnlyOrFull) {
      // Libraries that are there already may still be loaded.
      return false;
    } finally {
      probe.map(Path::toFile).ifPresent(File::delete);
    }
  }

  private static boolean isUnpacked(Path folder) throws IOException {
    try (Stream<Path> versions = Files.list(folder)) {
      return versions
          .filter(version -> !UnpackingLock.isLeftOver(version))
          .anyMatch(version -> Files.exists(version.resolve(System.mapLibraryName("torch"))));
    }
  }
}
