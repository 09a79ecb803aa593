package dev.merlon.model.verify.vnnlib;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Reads VNN-LIB properties: version 1.0 as the verification competition uses it, and of version 2.0
 * queries about one network with one input and one output of type {@code real}.
 *
 * <p>Inputs are {@code X_0, X_1, …} or {@code X_0_0, …}, outputs {@code Y_…}, all of type {@code
 * Real}. A text asserts conditions that a counterexample meets, all of them together: {@code <=},
 * {@code >=}, {@code <}, {@code >} and {@code =} between linear expressions of {@code + - * /},
 * joined by {@code and} and {@code or} in any way. Numbers are exact; a strict inequality is strict
 * for witnesses, and taken with its border by proofs.
 */
public final class VnnLib {
  private VnnLib() {}

  /**
   * Reads a file, which may be packed by gzip if its name ends in {@code .gz}.
   *
   * @throws MerlonException (data) when it cannot be read or is no such property
   */
  public static VnnLibProperty read(Path file) {
    String name = String.valueOf(file.getFileName());
    try (InputStream stored = Files.newInputStream(file);
        InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(stored) : stored) {
      return parse(new InputStreamReader(plain, StandardCharsets.UTF_8), name);
    } catch (IOException e) {
      throw new MerlonException(
          new Failure.Data(
              "%s cannot be read: %s".formatted(file, FileReason.of(e)),
              "Name a readable VNN-LIB file."),
          e);
    }
  }

  /**
   * Reads a text.
   *
   * @param name what it is called in messages
   * @throws MerlonException (data) when it is no such property
   */
  public static VnnLibProperty parse(String text, String name) {
    try {
      return parse(new StringReader(text), name);
    } catch (IOException e) {
      throw new IllegalStateException("a string cannot fail to be read", e);
    }
  }

  private static VnnLibProperty parse(Reader reader, String name) throws IOException {
    return new PropertyParser(new Tokens(reader, name), name).parse();
  }
}
