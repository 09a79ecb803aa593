package dev.merlon.proto;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * SHA-256 of canonical bytes, as 64 lower-case hexadecimal digits. Equal content gives equal
 * digests on every machine.
 */
public final class Digests {
  private static final int BUFFER_BYTES = 1 << 16;

  private Digests() {}

  /** The digest of bytes. */
  public static String of(byte[] bytes) {
    return DigestUtils.sha256Hex(bytes);
  }

  /** The digest of a text's UTF-8. */
  public static String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The digest of a message's {@link #canonicalBytes}. */
  public static String of(MessageLite message) {
    return of(canonicalBytes(message));
  }

  /** The digest of a list of texts, which no other list has: each behind its length. */
  public static String of(List<String> texts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (String text : texts) {
      byte[] own = text.getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(own.length).array());
      bytes.writeBytes(own);
    }
    return of(bytes.toByteArray());
  }

  /** The digest of a file's content. */
  public static String ofFile(Path file) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    try (InputStream content = Files.newInputStream(file)) {
      add(digest, content, Long.MAX_VALUE);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * The digest of a part of a file.
   *
   * @param offset of its first byte
   * @param length in bytes
   * @return empty where the file does not hold all of it
   */
  public static Optional<String> ofRange(Path file, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      return Optional.empty();
    }
    try (FileChannel content = FileChannel.open(file)) {
      MessageDigest digest = DigestUtils.getSha256Digest();
      long there =
          offset > content.size()
              ? -1
              : add(digest, Channels.newInputStream(content.position(offset)), length);
      return there < length
          ? Optional.empty()
          : Optional.of(HexFormat.of().formatHex(digest.digest()));
    }
  }

  /** Adds bytes up to an end or to so many; returns how many there were. */
  private static long add(MessageDigest digest, InputStream content, long most) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long added = 0;
    while (added < most) {
      int read = content.read(buffer, 0, (int) Math.min(buffer.length, most - added));
      if (read < 0) {
        break;
      }
      digest.update(buffer, 0, read);
      added += read;
    }
    return added;
  }

  /** The serialised message with its fields in the order of their numbers. */
  public static byte[] canonicalBytes(MessageLite message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream output = CodedOutputStream.newInstance(bytes);
    output.useDeterministicSerialization();
    try {
      message.writeTo(output);
    } catch (IOException impossible) {
      throw new UncheckedIOException("an array of the right size cannot be too small", impossible);
    }
    output.checkNoSpaceLeft();
    return bytes;
  }
}
