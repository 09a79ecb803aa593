package dev.merlon.actors.run;

import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unreadable;
import dev.merlon.model.file.HeldFile;
import dev.merlon.model.training.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The directory of a training run. Knows the name of every file that a run makes; whether they are
 * there is another question. Reading them disturbs no run that is still at work.
 *
 * @param path the directory, which need not be there
 */
public record RunDirectory(Path path) {
  private static final Path PARENT = Path.of("runs");
  private static final Pattern EPOCH_MODEL = Pattern.compile("epoch-(\\d+)\\.onnx");

  /**
   * A model of the run.
   *
   * @param epoch counted from 1
   */
  public record EpochModel(int epoch, Path file) {}

  /** The directory of a run that was given none. */
  public static RunDirectory usual(String name) {
    return new RunDirectory(PARENT.resolve(name));
  }

  /** The first of {@code runs/name}, {@code runs/name-2} and so on that is not in use. */
  public static RunDirectory unused(String name) {
    return IntStream.iterate(1, number -> number + 1)
        .mapToObj(number -> usual(number == 1 ? name : name + "-" + number))
        .filter(directory -> !directory.inUse())
        .findFirst()
        .orElseThrow();
  }

  /**
   * The directory at this path, which holds a run.
   *
   * @throws MerlonException (configuration) if there is no run in it
   */
  public static RunDirectory open(Path path) {
    if (!Files.isDirectory(path)) {
      throw MerlonException.configuration(
          "There is no run directory " + path,
          "Name a directory that `merlon train` or `merlon demo` made.");
    }
    RunDirectory run = new RunDirectory(path);
    if (!Files.isRegularFile(run.settings())) {
      throw MerlonException.configuration(
          path + " is not a run directory: it holds no " + run.settings().getFileName(),
          "Name a directory that `merlon train` or `merlon demo` made.");
    }
    return run;
  }

  /**
   * Refuses a directory that already holds something, unless a run in it is to be resumed.
   *
   * @throws MerlonException (configuration)
   */
  public void requireUsable(boolean resume) {
    if (Files.exists(path) && !Files.isDirectory(path)) {
      throw MerlonException.configuration(
          path + " is not a directory", "Choose another --run-dir.");
    }
    if (!resume && inUse()) {
      throw MerlonException.configuration(
          "The run directory " + path + " exists and is not empty",
          "Add --resume to go on with that run, or choose another --run-dir.");
    }
  }

  /** Whether it holds more than what a run leaves behind that failed before it began. */
  boolean inUse() {
    if (!Files.exists(path)) {
      return false;
    }
    Set<Path> traces = traces();
    try (Stream<Path> files = Files.list(path)) {
      return files.anyMatch(file -> !traces.contains(file));
    } catch (IOException unreadable) {
      throw MerlonException.configuration(
          "The run directory " + path + " cannot be read: " + FileReason.of(unreadable),
          "Make it readable, or choose another --run-dir.");
    }
  }

  /** What a run leaves behind that failed before it began. */
  Set<Path> traces() {
    return Set.of(log(), lock(), path.resolve(lock().getFileName() + HeldFile.HOLDER));
  }

  /** What people call the run: the directory's own name. */
  public String name() {
    Path last = path.toAbsolutePath().normalize().getFileName();
    return last == null ? path.toString() : last.toString();
  }

  /** The settings of the run, resolved. */
  public Path settings() {
    return path.resolve("run.conf");
  }

  /** Held by the process that trains. */
  public Path lock() {
    return path.resolve(".lock");
  }

  /** What the run's commands logged. */
  public Path log() {
    return path.resolve("merlon.log");
  }

  /** The commands that worked on the run, one event a line. */
  public Path sessions() {
    return path.resolve("sessions.jsonl");
  }

  /** What was measured while it trained: one {@link MetricsRecord} a line. */
  public Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  /** The folder of checkpoints. */
  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** The folder of the models of epochs. */
  public Path models() {
    return path.resolve("models");
  }

  /**
   * The model after an epoch.
   *
   * @param epoch counted from 1
   */
  public Path epochModel(int epoch, Weights weights) {
    String kind =
        switch (weights) {
          case TRAINED -> "";
          case AVERAGED -> "-averaged";
        };
    return models().resolve(String.format(Locale.ROOT, "epoch-%03d%s.onnx", epoch, kind));
  }

  /** The models of trained weights after each epoch that are there, in their order. */
  public List<EpochModel> epochModels() {
    if (!Files.isDirectory(models())) {
      return List.of();
    }
    var found = new TreeMap<Integer, EpochModel>();
    try (Stream<Path> files = Files.list(models())) {
      for (Path file : files.toList()) {
        Matcher name = EPOCH_MODEL.matcher(file.getFileName().toString());
        if (name.matches()) {
          int epoch = Integer.parseInt(name.group(1));
          found.put(epoch, new EpochModel(epoch, file));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return List.copyOf(found.values());
  }

  /** The best model compared so far. */
  public Path bestModel() {
    return models().resolve("best.onnx");
  }

  /** The model that the run started from, where its weights were not drawn. */
  public Path startModel() {
    return path.resolve("start.onnx");
  }

  /** The model that is the result of the run. */
  public Path finalModel() {
    return path.resolve("final.onnx");
  }

  /** The model that is the result of the run, once it has ended. */
  public Optional<Path> result() {
    return Optional.of(finalModel()).filter(Files::isRegularFile);
  }

  /** The verdicts about the result, one a line. */
  public Path certificates() {
    return path.resolve("certificates.jsonl");
  }

  /** The run's own report. */
  public ReportDirectory report() {
    return new ReportDirectory(path.resolve("report"));
  }

  /**
   * One of the files as text.
   *
   * @throws MerlonException (data) if it cannot be read
   */
  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw Unreadable.of(file, "Check its permissions.", unreadable);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
