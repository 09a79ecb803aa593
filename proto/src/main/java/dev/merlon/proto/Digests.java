package dev.merlon.proto;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
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

  /** The digest of a file's content. */
  public static String ofFile(Path file) throws IOException {
    MessageDigest digest = DigestUtils.getSha256Digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream content = Files.newInputStream(file)) {
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
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
