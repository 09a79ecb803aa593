package dev.merlon.model.onnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.merlon.model.natives.NativeFailure;
import dev.merlon.model.natives.UnpackedJar;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The process's one environment of ONNX Runtime, loaded on first use. Thread-safe. */
final class RuntimeEnvironment {
  /** ONNX Runtime's property for the folder of its libraries. */
  private static final String LIBRARIES = "onnxruntime.native.path";

  private static volatile @Nullable OrtEnvironment loaded;

  private RuntimeEnvironment() {}

  /** The environment. @throws MerlonException (device) when the native library does not load */
  static OrtEnvironment get() {
    return Optional.ofNullable(loaded).orElseGet(RuntimeEnvironment::load);
  }

  private static synchronized OrtEnvironment load() {
    // By itself it would unpack its libraries into the temporary folder at every start.
    if (System.getProperty(LIBRARIES) == null) {
      String resource =
          "ai/onnxruntime/native/" + platform() + "/" + System.mapLibraryName("onnxruntime");
      System.setProperty(LIBRARIES, UnpackedJar.library(resource).resolveSibling("").toString());
    }
    try {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      Set<Path> before = folders(temporary);
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "merlon");
      environment.setTelemetry(false);
      Set<Path> made = folders(temporary);
      made.removeAll(before);
      deleteEmpty(made);
      loaded = environment;
      return environment;
    } catch (LinkageError | IllegalStateException | OrtException | IOException e) {
      throw NativeFailure.of("ONNX Runtime could not be loaded", e);
    }
  }

  // It makes one for libraries that it would unpack, and would delete it at a regular end only.
  private static Set<Path> folders(Path temporary) throws IOException {
    Set<Path> folders = new HashSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(temporary, "onnxruntime-java*")) {
      found.forEach(folders::add);
    }
    return folders;
  }

  private static void deleteEmpty(Set<Path> folders) throws IOException {
    for (Path folder : folders) {
      try {
        Files.deleteIfExists(folder);
      } catch (FileSystemException ofAnotherProgram) {
        // Theirs to delete.
      }
    }
  }

  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String os = system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux";
    return os + (System.getProperty("os.arch").equals("aarch64") ? "-aarch64" : "-x64");
  }
}
