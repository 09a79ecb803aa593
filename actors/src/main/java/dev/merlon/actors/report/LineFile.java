package dev.merlon.actors.report;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.Unwritable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A file of measures, one per line, that grows by its end. A line that a crash cut off is dropped.
 *
 * @param <T> what a line holds
 */
final class LineFile<T> {
  private final Path file;
  private final Function<T, String> writer;
  private final List<T> entries;

  private LineFile(Path file, Function<T, String> writer, List<T> entries) {
    this.file = file;
    this.writer = writer;
    this.entries = entries;
  }

  /**
   * What a file holds so far; nothing where there is no file.
   *
   * @param reader of one line
   * @param writer of one line, without its end
   * @throws MerlonException (data) if a line is damaged that is not the last
   */
  static <T> LineFile<T> read(Path file, Function<String, T> reader, Function<T, String> writer) {
    List<T> entries = new ArrayList<>();
    if (Files.isRegularFile(file)) {
      String text = RunDirectory.text(file);
      List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      for (int number = 1; number <= lines.size(); number++) {
        entries.add(entry(file, number, lines.get(number - 1), reader));
      }
    }
    return new LineFile<>(file, writer, entries);
  }

  /** What it holds, in order. */
  List<T> entries() {
    return List.copyOf(entries);
  }

  /**
   * Adds a measure and writes it down.
   *
   * @throws MerlonException (configuration) if the file cannot be written
   */
  void add(T entry) {
    entries.add(entry);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      cutTornLine();
      Files.writeString(
          file, writer.apply(entry) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException unwritable) {
      throw Unwritable.of(
          file + " cannot be written",
          "Make room and the directory writable; what was measured before stays.",
          unwritable);
    }
  }

  private void cutTornLine() throws IOException {
    if (Files.isRegularFile(file)) {
      String text = Files.readString(file);
      if (!text.isEmpty() && !text.endsWith("\n")) {
        Files.writeString(file, text.substring(0, text.lastIndexOf('\n') + 1));
      }
    }
  }

  private static <T> T entry(Path file, int number, String line, Function<String, T> reader) {
    try {
      return reader.apply(line);
    } catch (MerlonException damaged) {
      throw new MerlonException(
          new Failure.Data(
              "Line " + number + " of " + file + " is damaged: " + damaged.failure().message(),
              "Restore the file, or delete it: what is measured is measured again."),
          damaged);
    }
  }
}
