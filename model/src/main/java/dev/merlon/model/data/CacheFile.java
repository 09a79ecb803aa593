package dev.merlon.model.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Decoded images as one file: {@code MERLONIM}, then version 1, N, C, H, W and the number of
 * classes as big-endian 32-bit integers, 32 bytes of the data set's digest, N labels of 32 bits,
 * and the pixels. The digest covers everything but the magic word and the version.
 */
final class CacheFile {
  private static final byte[] MAGIC = "MERLONIM".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 1;
  private static final int DIGEST_BYTES = 32;
  private static final int DIGEST_AT = MAGIC.length + 6 * Integer.BYTES;
  private static final int HEADER_BYTES = DIGEST_AT + DIGEST_BYTES;

  private CacheFile() {}

  /** A file is not a sound cache of images. */
  static final class Damaged extends IOException {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  /**
   * Maps a file and checks every byte of it.
   *
   * @throws Damaged if it is not as it was written
   */
  static Dataset open(Path file, String name, DataSplit split) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer header = read(channel, 0, HEADER_BYTES);
      byte[] magic = new byte[MAGIC.length];
      header.get(magic);
      require(Arrays.equals(magic, MAGIC) && header.getInt() == VERSION, "another kind of file");
      int count = header.getInt();
      ImageShape shape = shape(header);
      int classes = header.getInt();
      byte[] digest = new byte[DIGEST_BYTES];
      header.get(digest);
      long pixelsAt = HEADER_BYTES + (long) Integer.BYTES * count;
      long bytes = (long) count * shape.elements();
      require(count > 0 && channel.size() == pixelsAt + bytes, "another length than it announces");
      int[] labels = new int[count];
      read(channel, HEADER_BYTES, Integer.BYTES * count).asIntBuffer().get(labels);
      ByteBuffer pixels = channel.map(MapMode.READ_ONLY, pixelsAt, bytes);
      return checked(Dataset.over(name, split, shape, classes, pixels, labels), digest);
    } catch (IllegalArgumentException impossible) {
      throw new Damaged("impossible content: " + impossible.getMessage());
    }
  }

  private static Dataset checked(Dataset data, byte[] digest) throws Damaged {
    require(data.digest().equals(HexFormat.of().formatHex(digest)), "another digest than it had");
    return data;
  }

  private static ImageShape shape(ByteBuffer header) {
    return new ImageShape(header.getInt(), header.getInt(), header.getInt());
  }

  private static ByteBuffer read(FileChannel channel, long position, int length)
      throws IOException {
    require(position + length <= channel.size(), "fewer bytes than its header needs");
    channel.position(position);
    return ByteBuffer.wrap(Channels.newInputStream(channel).readNBytes(length));
  }

  private static void require(boolean holds, String problem) throws Damaged {
    if (!holds) {
      throw new Damaged(problem);
    }
  }

  /**
   * Writes a file beside its place; it gets its name when it is complete. Images are added in
   * order. A writer that is closed before it is finished leaves nothing.
   */
  static final class Writer implements AutoCloseable {
    private final Path target;
    private final Path partial;
    private final FileChannel channel;
    private final DatasetDigest digest;

    /** Begins a file in a directory that exists. */
    Writer(Path target, ImageShape shape, int classes, int[] labels) throws IOException {
      this.target = target;
      this.partial = Files.createTempFile(target.toAbsolutePath().getParent(), "decoding", ".part");
      this.channel = FileChannel.open(partial, StandardOpenOption.WRITE);
      this.digest = new DatasetDigest(shape, classes, labels);
      ByteBuffer start = ByteBuffer.allocate(HEADER_BYTES + Integer.BYTES * labels.length);
      start.put(MAGIC).putInt(VERSION).putInt(labels.length);
      start.putInt(shape.channels()).putInt(shape.height()).putInt(shape.width()).putInt(classes);
      start.position(HEADER_BYTES);
      for (int label : labels) {
        start.putInt(label);
      }
      write(start.flip());
    }

    /** Adds the next image, {@code [C,H,W]}. */
    void add(byte[] image) throws IOException {
      digest.add(image);
      write(ByteBuffer.wrap(image));
    }

    /** Completes the file. */
    void finish() throws IOException {
      channel.position(DIGEST_AT);
      write(ByteBuffer.wrap(digest.bytes()));
      channel.force(true);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
      channel.close();
      Files.deleteIfExists(partial);
    }

    private void write(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
