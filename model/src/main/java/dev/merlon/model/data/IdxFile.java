package dev.merlon.model.data;

import dev.merlon.config.failure.MerlonException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One file in the IDX format: a big-endian magic number {@code 00 00 08 d} (unsigned bytes in d
 * dimensions), d big-endian 32-bit sizes, then exactly their product in bytes. A name ending in
 * {@code .gz} is decompressed.
 */
final class IdxFile {
  private static final int UNSIGNED_BYTES = 0x0800;
  private static final int MAX_SHOWN_MAGIC = 0x0fff;
  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final Path path;
  private final int[] sizes;
  private final byte[] content;

  private IdxFile(Path path, int[] sizes, byte[] content) {
    this.path = path;
    this.sizes = sizes;
    this.content = content;
  }

  /**
   * Reads a whole file and checks magic number and exact length.
   *
   * @throws MerlonException with a data failure naming the file
   */
  static IdxFile read(Path path, int dimensions) {
    try (InputStream stream = open(path)) {
      int[] sizes = readHeader(path, stream, dimensions);
      byte[] content = readContent(path, stream, sizes);
      requireNoGzipTail(path, stream);
      return new IdxFile(path, sizes, content);
    } catch (EOFException e) {
      throw damaged(path, "is truncated: its gzip data ends too early");
    } catch (ZipException e) {
      throw damaged(path, "is not a sound gzip file: " + e.getMessage());
    } catch (IOException e) {
      throw damaged(path, "cannot be read: " + e.getClass().getSimpleName());
    }
  }

  /** The file this was read from. */
  Path path() {
    return path;
  }

  /** Number of records. */
  int count() {
    return sizes[0];
  }

  /** Size of the given dimension, counted from 0; dimension 0 counts records. */
  int size(int dimension) {
    return sizes[dimension];
  }

  /** All records as unsigned bytes, row-major; the array itself, not a copy. */
  byte[] content() {
    return content;
  }

  private static int[] readHeader(Path path, InputStream stream, int dimensions)
      throws IOException {
    int headerLength = Integer.BYTES * (1 + dimensions);
    byte[] bytes = stream.readNBytes(headerLength);
    if (bytes.length < Integer.BYTES) {
      throw damaged(path, "has only " + bytes.length + " bytes, too few for an IDX file");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int expectedMagic = UNSIGNED_BYTES + dimensions;
    int magic = header.getInt();
    if (magic != expectedMagic) {
      throw damaged(
          path, "starts with magic number " + shown(magic) + ", expected " + expectedMagic);
    }
    if (bytes.length < headerLength) {
      throw damaged(
          path, "ends inside its header: " + bytes.length + " of " + headerLength + " bytes");
    }
    int[] sizes = new int[dimensions];
    for (int i = 0; i < dimensions; i++) {
      sizes[i] = header.getInt();
      if (sizes[i] < 1) {
        throw damaged(
            path, "gives size " + Integer.toUnsignedString(sizes[i]) + " for dimension " + (i + 1));
      }
    }
    return sizes;
  }

  private static byte[] readContent(Path path, InputStream stream, int[] sizes) throws IOException {
    long expected = 1;
    for (int size : sizes) {
      expected = saturatedProduct(expected, size);
    }
    if (expected > LARGEST_ARRAY) {
      throw damaged(path, "announces " + expected + " bytes of data, more than can be held");
    }
    byte[] content = stream.readNBytes((int) expected);
    if (content.length < expected) {
      throw damaged(
          path, "is truncated: " + content.length + " bytes of data, expected " + expected);
    }
    if (stream.read() >= 0) {
      throw damaged(path, "goes on after the " + expected + " bytes of data it announces");
    }
    return content;
  }

  private static InputStream open(Path path) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    return isGzip(path) ? new WholeGzip(bytes) : new ByteArrayInputStream(bytes);
  }

  private static void requireNoGzipTail(Path path, InputStream stream) {
    if (stream instanceof WholeGzip gzip && gzip.tailLength() > 0) {
      throw damaged(path, "has " + gzip.tailLength() + " foreign bytes after its gzip data");
    }
  }

  private static boolean isGzip(Path path) {
    return path.getFileName().toString().endsWith(".gz");
  }

  private static long saturatedProduct(long a, long b) {
    return a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b;
  }

  private static String shown(int magic) {
    return magic >= 0 && magic <= MAX_SHOWN_MAGIC
        ? Integer.toString(magic)
        : String.format(Locale.ROOT, "0x%08x", magic);
  }

  /** The failure of a file that is there but is not what it should be. */
  static MerlonException damaged(Path path, String problem) {
    return MerlonException.data(
        path + " " + problem, "replace the file with an undamaged copy of the original download");
  }

  /** A gzip stream over all bytes at once, which makes bytes behind the last member visible. */
  private static final class WholeGzip extends GZIPInputStream {
    private static final int TRAILER_BYTES = 8;

    WholeGzip(byte[] bytes) throws IOException {
      super(new ByteArrayInputStream(bytes), Math.max(bytes.length, 1));
    }

    /** Bytes behind the trailer of the last member; meaningful once the stream is at its end. */
    int tailLength() {
      return Math.max(0, inf.getRemaining() - TRAILER_BYTES);
    }
  }
}
