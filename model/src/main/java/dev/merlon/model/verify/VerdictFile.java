package dev.merlon.model.verify;

import dev.merlon.config.Failure;
import dev.merlon.config.FileReason;
import dev.merlon.config.MerlonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A results file that verdicts are appended to, one line each, which names the model and the data.
 * What they are about (also guarantee and rungs) lies beside it in a file of the same name with
 * {@code .origin}, so that only the same question is ever resumed. A line that a crash cut off is
 * dropped. Owns its file handle; not thread-safe.
 */
public final class VerdictFile implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final VerdictOrigin origin;
  private final List<Line> earlier;

  private VerdictFile(Path file, FileChannel channel, VerdictOrigin origin, List<Line> earlier) {
    this.file = file;
    this.channel = channel;
    this.origin = origin;
    this.earlier = List.copyOf(earlier);
  }

  /**
   * One line.
   *
   * @param model SHA-256 of the model's file; empty where the line names none
   * @param data digest of the data; empty where the line names none
   * @param input what is done to inputs before the file's graph, if anything is
   */
  public record Line(Verdict verdict, String model, String data, Optional<String> input) {}

  /**
   * Starts a file anew, over verdicts that are there.
   *
   * @param origin what its verdicts are about
   * @throws MerlonException (configuration) when a file is there that holds something else
   */
  public static VerdictFile create(Path file, VerdictOrigin origin) {
    try {
      requireVerdicts(file);
      Path absolute = file.toAbsolutePath();
      if (absolute.getParent() != null) {
        Files.createDirectories(absolute.getParent());
      }
      Files.deleteIfExists(origin(file));
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING);
      Files.writeString(origin(file), origin.text());
      return new VerdictFile(file, channel, origin, List.of());
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /**
   * Goes on with a file, or starts it where there is none.
   *
   * @param origin what its verdicts are about
   * @throws MerlonException (configuration) when the file is about something else; (data) when a
   *     line is no verdict
   */
  public static VerdictFile resume(Path file, VerdictOrigin origin) {
    try {
      if (!Files.exists(file)) {
        return create(file, origin);
      }
      if (!Files.exists(origin(file)) || !Files.readString(origin(file)).equals(origin.text())) {
        throw foreign(file);
      }
      byte[] content = Files.readAllBytes(file);
      int end = content.length;
      while (end > 0 && content[end - 1] != '\n') {
        end--;
      }
      List<Line> earlier = new ArrayList<>();
      new String(content, 0, end, StandardCharsets.UTF_8)
          .lines()
          .forEach(line -> earlier.add(VerdictLine.readLine(line)));
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      channel.truncate(end);
      channel.position(end);
      return new VerdictFile(file, channel, origin, earlier);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /** The verdicts that the file held when it was opened. */
  public List<Verdict> earlier() {
    return earlier.stream().map(Line::verdict).toList();
  }

  /** The lines that the file held when it was opened. */
  public List<Line> earlierLines() {
    return earlier;
  }

  /**
   * Appends verdicts; they are in the operating system's hands when this returns.
   *
   * @throws MerlonException (device) when they cannot be written; a line cut off is then dropped by
   *     the next {@link #resume}
   */
  public void append(List<Verdict> verdicts) {
    appendLines(
        verdicts.stream()
            .map(verdict -> new Line(verdict, origin.model(), origin.data(), origin.input()))
            .toList());
  }

  /** Appends verdicts about several models or data sets; as {@link #append} otherwise. */
  public void appendLines(List<Line> fresh) {
    StringBuilder lines = new StringBuilder();
    fresh.forEach(line -> lines.append(VerdictLine.write(line)).append('\n'));
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new MerlonException(
          new Failure.Device(
              "Verdicts cannot be written to " + file + ": " + FileReason.of(e),
              "Make room or repair the disk; --resume goes on with the verdicts written so far."),
          e);
    }
  }

  @Override
  public void close() {
    try {
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireVerdicts(Path file) throws IOException {
    boolean holds = Files.isRegularFile(file) && Files.size(file) > 0;
    if (holds && !Files.exists(origin(file))) {
      throw new MerlonException(
          new Failure.Configuration(
              file + " exists and is no results file", "Name another --out, or remove it."));
    }
  }

  private static Path origin(Path file) {
    return file.resolveSibling(file.getFileName() + ".origin");
  }

  private static MerlonException foreign(Path file) {
    return new MerlonException(
        new Failure.Configuration(
            file
                + " holds verdicts about another model, scaling of inputs, guarantee or ladder of rungs",
            "Name another --out, or leave out --resume to start it anew."));
  }

  private static MerlonException unusable(Path file, IOException e) {
    return new MerlonException(
        new Failure.Data(
            "Results file " + file + " cannot be used: " + FileReason.of(e),
            "Check the path, the rights and the space on the disk."),
        e);
  }
}
