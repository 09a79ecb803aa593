package dev.merlon.actors.report;

import dev.merlon.config.Failure;
import dev.merlon.config.FileReason;
import dev.merlon.config.MerlonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the files of a run lie. Reading them disturbs no run that is still at work.
 *
 * @param directory holds a {@code run.conf}
 */
public record RunFolder(Path directory) {
  private static final Pattern EPOCH_MODEL = Pattern.compile("epoch-(\\d+)\\.onnx");

  /**
   * A model of the run.
   *
   * @param epoch counted from 1
   */
  record EpochModel(int epoch, Path file) {}

  /**
   * The run directory at this path.
   *
   * @throws MerlonException (configuration) if there is no run in it
   */
  public static RunFolder open(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw MerlonException.configuration(
          "There is no run directory " + directory,
          "Name a directory that `merlon train` or `merlon demo` made.");
    }
    if (!Files.isRegularFile(directory.resolve("run.conf"))) {
      throw MerlonException.configuration(
          directory + " is not a run directory: it holds no run.conf",
          "Name a directory that `merlon train` or `merlon demo` made.");
    }
    return new RunFolder(directory);
  }

  /** What people call the run: the directory's own name. */
  String name() {
    Path last = directory.toAbsolutePath().normalize().getFileName();
    return last == null ? directory.toString() : last.toString();
  }

  /** Where the run's own report lies. */
  public Path report() {
    return directory.resolve("report");
  }

  Path settings() {
    return directory.resolve("run.conf");
  }

  Path metrics() {
    return directory.resolve("metrics.jsonl");
  }

  Path certificates() {
    return directory.resolve("certificates.jsonl");
  }

  Path measures() {
    return report().resolve("measures.jsonl");
  }

  Path worstCases() {
    return report().resolve("worst-cases.jsonl");
  }

  /** The model after the last epoch, once the run has ended. */
  Optional<Path> finalModel() {
    return Optional.of(directory.resolve("final.onnx")).filter(Files::isRegularFile);
  }

  /** The models after each epoch that are there, in their order. */
  List<EpochModel> epochModels() {
    Path folder = directory.resolve("models");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var models = new TreeMap<Integer, EpochModel>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Matcher name = EPOCH_MODEL.matcher(file.getFileName().toString());
        if (name.matches()) {
          int epoch = Integer.parseInt(name.group(1));
          models.put(epoch, new EpochModel(epoch, file));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return List.copyOf(models.values());
  }

  /** The bytes of one of the files as text. */
  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new MerlonException(
          new Failure.Data(
              file + " cannot be read: " + FileReason.of(unreadable), "Check its permissions."),
          unreadable);
    }
  }
}
