package dev.merlon.model.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes little IDX files, sound ones and damaged ones, into a test's directory. */
final class IdxFixture {
  static final int IMAGE_MAGIC = 2051;
  static final int LABEL_MAGIC = 2049;
  static final int PIXELS = 28 * 28;

  private final Path directory;

  IdxFixture(Path directory) {
    this.directory = directory;
  }

  /** Both files of a split with {@code labels.length} images, plain. */
  IdxFixture soundSplit(String prefix, int... labels) {
    write(prefix + "-images-idx3-ubyte", images(labels.length));
    write(prefix + "-labels-idx1-ubyte", labels(labels));
    return this;
  }

  Path write(String name, byte[] bytes) {
    try {
      return Files.write(directory.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(String name) {
    try {
      Files.deleteIfExists(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A sound image file; pixel p of image i is {@code (7 i + p) mod 256}. */
  static byte[] images(int count) {
    byte[] content = new byte[count * PIXELS];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) pixel(i / PIXELS, i % PIXELS);
    }
    return join(header(IMAGE_MAGIC, count, 28, 28), content);
  }

  static int pixel(int image, int position) {
    return (7 * image + position) % 256;
  }

  /** A label file with the given labels, of which only the low byte is written. */
  static byte[] labels(int... labels) {
    byte[] content = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      content[i] = (byte) labels[i];
    }
    return join(header(LABEL_MAGIC, labels.length), content);
  }

  static byte[] header(int... words) {
    ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES * words.length);
    for (int word : words) {
      buffer.putInt(word);
    }
    return buffer.array();
  }

  static byte[] join(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(target)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target.toByteArray();
  }
}
