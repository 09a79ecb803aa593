package dev.merlon.model.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The frame of a PNG file: a signature, then chunks of length, type, content and CRC-32, the last
 * one IEND. The platform's decoder skips the checksums and does not miss an end that holds no
 * pixels.
 */
final class PngChunks {
  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int TYPE_BYTES = 4;
  private static final int FRAME_BYTES = 12;

  private PngChunks() {}

  /** What is wrong with a PNG file; empty for a sound one and for other files. */
  static Optional<String> problem(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    if (bytes.remaining() < Long.BYTES || bytes.getLong() != SIGNATURE) {
      return Optional.empty();
    }
    while (bytes.remaining() >= FRAME_BYTES) {
      int length = bytes.getInt();
      if (length < 0 || length > bytes.remaining() - 2 * TYPE_BYTES) {
        return Optional.of("it ends inside a chunk");
      }
      int start = bytes.position();
      String type = new String(file, start, TYPE_BYTES, StandardCharsets.US_ASCII);
      CRC32 crc = new CRC32();
      crc.update(file, start, TYPE_BYTES + length);
      bytes.position(start + TYPE_BYTES + length);
      if (bytes.getInt() != (int) crc.getValue()) {
        return Optional.of("the checksum of its chunk " + type + " is wrong");
      }
      if (type.equals("IEND")) {
        return Optional.empty();
      }
    }
    return Optional.of("it ends without an end chunk");
  }
}
