package dev.merlon.actors.training;

import dev.merlon.actors.run.ReportDirectory;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.checkpoint.AtomicFile;
import dev.merlon.model.checkpoint.CheckpointStore;
import dev.merlon.model.file.HeldFile;
import dev.merlon.model.onnx.ModelProvenance;
import dev.merlon.model.verify.verdict.VerdictFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory of one run and where its files lie. While it is open, no other run can open the
 * same directory, in this process or another on the same host.
 */
final class RunFiles implements AutoCloseable {
  private final RunDirectory directory;
  private final CheckpointStore checkpoints;
  private final HeldFile lockFile;

  private RunFiles(RunDirectory directory, CheckpointStore checkpoints, HeldFile lockFile) {
    this.directory = directory;
    this.checkpoints = checkpoints;
    this.lockFile = lockFile;
  }

  /**
   * Makes the directory where it does not exist, takes it, and writes {@code start.onnx} and then
   * {@code run.conf} where there are none.
   *
   * @param start the model that the run starts from; empty where weights are drawn
   * @param resume whether the directory may hold a run already
   * @throws MerlonException (configuration) if it holds one and may not, or if another run works in
   *     it, or if it was begun with another start
   */
  static RunFiles open(Path path, RunSettings settings, Optional<StartFile> start, boolean resume) {
    RunDirectory directory = new RunDirectory(path);
    try {
      Files.createDirectories(path);
      if (!resume) {
        requireNoRun(directory);
      }
      HeldFile lock = lock(directory);
      try {
        var checkpoints =
            new CheckpointStore(directory.checkpoints(), settings.checkpoint().keep());
        if (start.isPresent()) {
          keepStart(directory.startModel(), start.get());
        }
        keepSettings(directory, settings);
        Files.createDirectories(directory.models());
        removeHalfWritten(directory);
        return new RunFiles(directory, checkpoints, lock);
      } catch (IOException | RuntimeException failed) {
        lock.close();
        throw failed;
      }
    } catch (IOException failed) {
      throw new MerlonException(
          new Failure.Configuration(
              "The run directory " + directory + " cannot be used: " + FileReason.of(failed),
              "Choose another directory, or make this one writable."),
          failed);
    }
  }

  /** Where the files lie. */
  RunDirectory directory() {
    return directory;
  }

  CheckpointStore checkpoints() {
    return checkpoints;
  }

  /** The settings that the run in this directory was begun with, as they were written. */
  String settings() throws IOException {
    return Files.readString(directory.settings());
  }

  /**
   * Makes other settings those of the run: {@code run.conf} and, in its models, their digest.
   *
   * @param settings as {@link RunSettings#render} writes them
   */
  void replaceSettings(String settings, String digest) throws IOException {
    AtomicFile.write(directory.settings(), settings.getBytes(StandardCharsets.UTF_8));
    try (Stream<Path> models = Files.list(directory.models())) {
      for (Path model : models.filter(file -> file.toString().endsWith(".onnx")).toList()) {
        AtomicFile.write(model, ModelProvenance.withSettings(Files.readAllBytes(model), digest));
      }
    }
  }

  /** Takes away what tells of an end that the run has not come to yet. */
  void removeResults() throws IOException {
    ReportDirectory report = directory.report();
    for (Path result :
        List.of(
            directory.finalModel(),
            directory.certificates(),
            VerdictFile.origin(directory.certificates()),
            report.summary(),
            report.page())) {
      Files.deleteIfExists(result);
    }
    Path figures = report.figures();
    if (Files.isDirectory(figures)) {
      try (Stream<Path> drawn = Files.list(figures)) {
        for (Path figure : drawn.toList()) {
          Files.delete(figure);
        }
      }
    }
  }

  /** Lets others have the directory. */
  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void requireNoRun(RunDirectory directory) {
    boolean holdsRun =
        Stream.of(
                directory.settings(),
                directory.metrics(),
                directory.checkpoints(),
                directory.finalModel(),
                directory.startModel())
            .anyMatch(Files::exists);
    if (holdsRun) {
      throw MerlonException.configuration(
          "The run directory " + directory + " already holds a run",
          "Resume that run, or choose another directory.");
    }
  }

  private static HeldFile lock(RunDirectory directory) throws IOException {
    return HeldFile.take(directory.lock(), holder -> inUse(directory, holder));
  }

  private static MerlonException inUse(RunDirectory directory, String holder) {
    return MerlonException.configuration(
        "Another run works in " + directory + " (" + holder + ")",
        "Wait for it to end, or choose another directory.");
  }

  // What a killed process was writing; nobody else writes while the directory is taken.
  private static void removeHalfWritten(RunDirectory directory) throws IOException {
    for (Path folder : List.of(directory.path(), directory.models(), directory.checkpoints())) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.filter(RunFiles::isHalfWritten).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private static boolean isHalfWritten(Path file) {
    return file.getFileName().toString().endsWith(AtomicFile.PARTIAL);
  }

  private static void keepStart(Path file, StartFile start) throws IOException {
    if (Files.exists(file)) {
      start.requireKept(file);
    } else {
      AtomicFile.write(file, start.bytes());
    }
  }

  private static void keepSettings(RunDirectory directory, RunSettings settings)
      throws IOException {
    Path file = directory.settings();
    if (!Files.exists(file)) {
      AtomicFile.write(file, settings.render().getBytes(StandardCharsets.UTF_8));
    }
  }
}
