package dev.merlon.model.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes lines at the end of a file. A line is in the file completely or not at all as long as the
 * process lives; what could not be written is written with the next. Owns its channel; used by one
 * thread.
 */
public final class LineWriter implements AutoCloseable {
  private final FileChannel file;
  private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();
  private long length;

  private LineWriter(FileChannel file, long length) {
    this.file = file;
    this.length = length;
  }

  /** Opens a file at its end, making it where it does not exist. */
  public static LineWriter open(Path path) throws IOException {
    return on(
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /** Writes at the end of an open file from now on. */
  public static LineWriter on(FileChannel file) throws IOException {
    return new LineWriter(file, file.size());
  }

  /**
   * Cuts the file back to a length it had before, or to its last complete line if it is shorter.
   *
   * @return the length it has now
   */
  public long cutTo(long bytes) throws IOException {
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
   * Cuts off a last line without its end.
   *
   * @return whether there was one
   */
  public boolean cutTornLine() throws IOException {
    long before = file.size();
    return cutTo(before) < before;
  }

  /**
   * Adds lines. Where that fails, those that are in the file completely stay.
   *
   * @param lines without their ends
   */
  public void append(List<String> lines) throws IOException {
    lines.forEach(line -> unwritten.writeBytes(bytesOf(line)));
    byte[] all = unwritten.toByteArray();
    ByteBuffer bytes = ByteBuffer.wrap(all);
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes, length + bytes.position());
      }
      settle(all, all.length);
    } catch (IOException failed) {
      settle(all, endOfLastLine(all, bytes.position()));
      cutBack(failed);
      throw failed;
    }
  }

  /** Sees to it that every line survives a loss of power. */
  public void sync() throws IOException {
    file.force(true);
  }

  /** How many bytes a line adds to the file. */
  public static long bytes(String line) {
    return bytesOf(line).length;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void settle(byte[] all, int written) {
    length += written;
    unwritten.reset();
    unwritten.write(all, written, all.length - written);
  }

  private void cutBack(IOException failed) {
    try {
      file.truncate(length);
    } catch (IOException stuck) {
      failed.addSuppressed(stuck);
    }
  }

  private static int endOfLastLine(byte[] lines, int end) {
    int whole = end;
    while (whole > 0 && lines[whole - 1] != '\n') {
      whole--;
    }
    return whole;
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
