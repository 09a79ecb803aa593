package dev.merlon.model.file;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unreadable;
import dev.merlon.config.failure.Unwritable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A file of entries, one a line, that grows at its end. A last line without its end, as a crash
 * leaves it, is torn: it is no entry, and it is cut off before the next one is written.
 *
 * @param <T> what a line holds
 * @param file where it lies; may be missing, which is a file without entries
 * @param format of a line
 * @param damage what is said of a whole line that is no entry
 */
public record LineFile<T>(Path file, Format<T> format, Damage damage) {

  /**
   * How entries are written.
   *
   * @param <T> what a line holds
   * @param writer gives the line of an entry, without its end
   * @param reader gives the entry of a line; throws {@link MerlonException} (data) if it is none
   */
  public record Format<T>(Function<T, String> writer, Function<String, T> reader) {}

  /** The failure of a line that cannot be read. */
  @FunctionalInterface
  public interface Damage {
    /**
     * The failure.
     *
     * @param number of the line, from 1
     */
    MerlonException of(Path file, int number, MerlonException why);

    /** The usual one, with this advice. */
    static Damage advising(String remedy) {
      return (file, number, why) ->
          new MerlonException(
              new Failure.Data(
                  "Line " + number + " of " + file + " is damaged: " + why.failure().message(),
                  remedy),
              why);
    }
  }

  /**
   * What a file holds.
   *
   * @param torn whether there is a torn line at its end
   */
  public record Content<T>(List<T> entries, boolean torn) {
    /** Copies the list. */
    public Content {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Reads every entry.
   *
   * @throws MerlonException (data) if the file cannot be read or a line is damaged
   */
  public Content<T> read() {
    List<T> entries = new ArrayList<>();
    boolean torn = each(entries::add);
    return new Content<>(entries, torn);
  }

  /**
   * The first entry; empty where there is none.
   *
   * @throws MerlonException (data) if the file cannot be read or that line is damaged
   */
  public Optional<T> first() {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream content = Files.newInputStream(file)) {
      var line = new ByteArrayOutputStream();
      return readLine(new BufferedInputStream(content), line)
          ? Optional.of(entry(line.toByteArray(), 1))
          : Optional.empty();
    } catch (IOException unreadable) {
      throw unreadable(unreadable);
    }
  }

  /**
   * Hands over every entry, in order, and keeps none.
   *
   * @return whether there is a torn line at the end
   * @throws MerlonException (data) if the file cannot be read or a line is damaged
   */
  public boolean each(Consumer<T> taker) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream content = Files.newInputStream(file)) {
      return each(content, taker);
    } catch (IOException unreadable) {
      throw unreadable(unreadable);
    }
  }

  private MerlonException unreadable(IOException why) {
    return Unreadable.of(file, "Check its permissions.", why);
  }

  /**
   * The same of content that somebody else opened, and closes.
   *
   * @throws MerlonException (data) if a line is damaged
   */
  public boolean each(InputStream content, Consumer<T> taker) throws IOException {
    InputStream bytes = new BufferedInputStream(content);
    var line = new ByteArrayOutputStream();
    for (int number = 1; readLine(bytes, line); number++) {
      taker.accept(entry(line.toByteArray(), number));
      line.reset();
    }
    return line.size() > 0;
  }

  /** Reads up to the end of a line or of the content; says whether it was that of a line. */
  private static boolean readLine(InputStream bytes, ByteArrayOutputStream line)
      throws IOException {
    for (int next = bytes.read(); next >= 0; next = bytes.read()) {
      if (next == '\n') {
        return true;
      }
      line.write(next);
    }
    return false;
  }

  /**
   * Adds an entry. The folder is made where it is missing.
   *
   * @throws MerlonException (configuration, or device if there is no room) if it cannot be written
   */
  public void add(T entry) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      try (LineWriter writer = LineWriter.open(file)) {
        writer.cutTornLine();
        writer.append(List.of(format.writer().apply(entry)));
      }
    } catch (IOException unwritable) {
      throw Unwritable.of(
          file + " cannot be written",
          "Make room and the directory writable; what was measured before stays.",
          unwritable);
    }
  }

  private T entry(byte[] line, int number) {
    try {
      return format.reader().apply(text(line));
    } catch (MerlonException damaged) {
      throw damage.of(file, number, damaged);
    }
  }

  private static String text(byte[] line) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException malformed) {
      throw new MerlonException(
          new Failure.Data("it is not UTF-8", "Restore the file from a copy."), malformed);
    }
  }
}
