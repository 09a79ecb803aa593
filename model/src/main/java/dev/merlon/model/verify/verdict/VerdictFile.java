package dev.merlon.model.verify.verdict;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.file.HeldFile;
import dev.merlon.model.file.LineFile;
import dev.merlon.model.file.LineWriter;
import dev.merlon.model.onnx.ModelUse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A results file that verdicts are appended to, one line each, which names the model and the data.
 * Who goes on with one gets the lines that are answers by themselves; how much was tried for the
 * others, no line says. Beside a file of an earlier version lies one of the same name with {@code
 * .origin}, which does: then all lines count, for the same question only. A line that a crash cut
 * off is dropped. While it is open nobody else can open it. Owns its file handle; not thread-safe.
 */
public final class VerdictFile implements VerdictSink {
  private final Path file;
  private final HeldFile held;
  private final LineWriter writer;
  private final VerdictOrigin asked;
  private final Map<Object, Line> last = new LinkedHashMap<>();
  private List<Line> earlier = List.of();
  private boolean torn;

  private VerdictFile(Path file, HeldFile held, VerdictOrigin asked) throws IOException {
    this.file = file;
    this.held = held;
    this.writer = LineWriter.on(held.channel());
    this.asked = asked;
  }

  /**
   * One line.
   *
   * @param model SHA-256 of the model's file; empty where the line names none
   * @param data digest of the data; empty where the line names none
   * @param use what is done around the file's graph
   */
  public record Line(Verdict verdict, String model, String data, ModelUse use) {
    private Object question() {
      return List.of(model, data, use, verdict.property());
    }
  }

  /** What becomes of verdicts that a file holds already. */
  public enum Opening {
    /** There must not be any. */
    NEW,
    /** They are lost. */
    OVERWRITE,
    /** They are gone on with. */
    RESUME
  }

  /**
   * Opens a file, or makes it where there is none.
   *
   * @param asked what its verdicts are to be about
   * @throws MerlonException (configuration) when somebody else writes it, when it holds what {@code
   *     opening} does not allow, something else than verdicts, or verdicts about something else to
   *     go on with; (data) when a line is no verdict
   */
  public static VerdictFile open(Path file, VerdictOrigin asked, Opening opening) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      HeldFile held = HeldFile.take(file, holder -> taken(file, holder));
      try {
        VerdictFile opened = new VerdictFile(file, held, asked);
        opened.begin(opening);
        return opened;
      } catch (IOException | RuntimeException failed) {
        held.close();
        throw failed;
      }
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private void begin(Opening opening) throws IOException {
    boolean empty = held.channel().size() == 0;
    switch (opening) {
      case NEW -> {
        if (!empty) {
          throw holdsResults() ? occupied() : noResults();
        }
        startAnew();
      }
      case OVERWRITE -> {
        if (!empty && !holdsResults()) {
          throw noResults();
        }
        startAnew();
      }
      case RESUME -> {
        if (empty) {
          startAnew();
        } else if (holdsResults()) {
          goOn();
        } else {
          throw noResults();
        }
      }
    }
  }

  // The first line may be cut off or damaged: it is one of a results file even so.
  private boolean holdsResults() throws IOException {
    byte[] begin = VerdictLine.BEGIN.getBytes(StandardCharsets.UTF_8);
    ByteBuffer found = ByteBuffer.allocate(begin.length);
    held.channel().read(found, 0);
    return Files.exists(origin()) || Arrays.equals(found.array(), begin);
  }

  private void startAnew() throws IOException {
    Files.deleteIfExists(origin());
    writer.cutTo(0);
  }

  private void goOn() throws IOException {
    boolean described = Files.exists(origin());
    if (described && !VerdictOrigin.parse(Files.readString(origin())).equals(asked)) {
      throw foreign();
    }
    FileChannel channel = held.channel();
    List<Line> lines = new ArrayList<>();
    new LineFile<>(file, VerdictLine.FORMAT, VerdictFile::damaged)
        .each(Channels.newInputStream(channel.position(0)), lines::add);
    if (!described && lines.stream().anyMatch(asked::excludes)) {
      throw foreign();
    }
    lines.forEach(line -> last.put(line.question(), line));
    earlier =
        described
            ? List.copyOf(lines)
            : last.values().stream().filter(VerdictOrigin::isAnswer).toList();
    torn = writer.cutTornLine();
  }

  private static MerlonException damaged(Path file, int number, MerlonException why) {
    return new MerlonException(
        new Failure.Data(
            file + ":" + number + ": " + why.failure().message(),
            "Remove that line, and --resume asks its question again."),
        why);
  }

  @Override
  public List<Line> earlierLines() {
    return earlier;
  }

  /** Whether a last line without an end, such as a crash leaves behind, was dropped. */
  public boolean torn() {
    return torn;
  }

  /** Adds lines; not those that the file ended with about their question when it was opened. */
  @Override
  public void append(List<Line> fresh) {
    List<Line> others =
        fresh.stream().filter(line -> !line.equals(last.remove(line.question()))).toList();
    try {
      writer.append(others.stream().map(VerdictLine::write).toList());
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
    try (held) {
      writer.sync();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The file beside a results file of an earlier version that says what its verdicts are about. */
  public static Path origin(Path file) {
    return file.resolveSibling(file.getFileName() + ".origin");
  }

  private Path origin() throws IOException {
    return origin(file.toRealPath());
  }

  private static MerlonException taken(Path file, String holder) {
    return refused(
        "The results file " + file + " is being written by " + holder,
        "Wait for it to end, or name another --out.");
  }

  private MerlonException occupied() {
    return refused(
        file + " holds verdicts already",
        "Add --resume to go on with them or --overwrite to lose them, or name another --out.");
  }

  private MerlonException noResults() {
    return refused(file + " exists and is no results file", "Name another --out, or remove it.");
  }

  private MerlonException foreign() {
    return refused(
        file
            + " holds verdicts about another model, data set, scaling of inputs, threshold or"
            + " guarantee, or of other rungs",
        "Name another --out, or put --overwrite in the place of --resume to start it anew.");
  }

  private static MerlonException refused(String message, String remedy) {
    return new MerlonException(new Failure.Configuration(message, remedy));
  }

  private static MerlonException unusable(Path file, IOException e) {
    return new MerlonException(
        new Failure.Data(
            "Results file " + file + " cannot be used: " + FileReason.of(e),
            "Check the path, the rights and the space on the disk."),
        e);
  }
}
