package dev.merlon.actors.training;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The metrics of a run, one JSON object a line. A line is in the file completely or not at all as
 * long as the process lives; what could not be written is written with the next line. Used by one
 * thread.
 */
final class MetricsFile implements AutoCloseable {
  private final FileChannel file;
  private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();
  private long length;

  private MetricsFile(FileChannel file, long length) {
    this.file = file;
    this.length = length;
  }

  /** Opens the file at its end, making it where it does not exist. */
  static MetricsFile open(Path path) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new MetricsFile(file, file.size());
  }

  /**
   * Cuts the file back to a length it had before, or to its last complete line if it is shorter.
   *
   * @return the length it has now
   */
  long cutTo(long bytes) throws IOException {
    unwritten.reset();
    long end = Math.min(bytes, file.size());
    while (end > 0 && byteAt(end - 1) != '\n') {
      end--;
    }
    file.truncate(end);
    length = end;
    return end;
  }

  /**
   * Adds a line.
   *
   * @param line without its end
   */
  void append(String line) throws IOException {
    unwritten.writeBytes(bytesOf(line));
    try {
      ByteBuffer bytes = ByteBuffer.wrap(unwritten.toByteArray());
      long end = length + bytes.remaining();
      while (bytes.hasRemaining()) {
        file.write(bytes, end - bytes.remaining());
      }
      length = end;
      unwritten.reset();
    } catch (IOException failed) {
      file.truncate(length);
      throw failed;
    }
  }

  /** Sees to it that every line survives a loss of power. */
  void sync() throws IOException {
    file.force(true);
  }

  /** How many bytes a line adds to the file. */
  static long bytes(String line) {
    return bytesOf(line).length;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static byte[] bytesOf(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private byte byteAt(long position) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    file.read(one, position);
    return one.get(0);
  }
}
