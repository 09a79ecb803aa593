package dev.merlon.model.file;

import dev.merlon.config.failure.MerlonException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The checksum of a line that is a JSON object, as its last field {@code "crc"}: the CRC-32C
 * (Castagnoli, as in RFC 3720) of the line's UTF-8 bytes before the field was added, eight
 * hexadecimal digits in lower case.
 */
public final class LineChecksum {
  // Within a JSON text a quotation mark behind a comma begins a field or an element.
  private static final String FIELD = ",\"crc\":\"";
  private static final String END = "\"}";
  private static final int DIGITS = 8;

  private LineChecksum() {}

  /** The line with its checksum. */
  public static String added(String line) {
    return line.substring(0, line.length() - 1) + FIELD + of(line) + END;
  }

  /**
   * The line without its checksum. One that has none, as written by earlier versions, stays.
   *
   * @throws MerlonException (data) if the checksum is that of another line
   */
  public static String verified(String line) {
    int field = line.lastIndexOf(",\"crc\"");
    if (field < 0) {
      return line;
    }
    String before = line.substring(0, field) + "}";
    if (!line.substring(field).equals(FIELD + of(before) + END)) {
      throw MerlonException.data(
          "the line does not match its crc: it was changed after it was written",
          "Restore the file from a copy.");
    }
    return before;
  }

  private static String of(String line) {
    CRC32C checksum = new CRC32C();
    checksum.update(line.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits(checksum.getValue(), DIGITS);
  }
}
