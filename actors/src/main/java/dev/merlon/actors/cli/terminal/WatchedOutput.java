package dev.merlon.actors.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * Remembers the first failure of a stream, which a {@link java.io.PrintStream} around it swallows.
 */
public final class WatchedOutput extends FilterOutputStream {
  private volatile Optional<IOException> failure = Optional.empty();

  /** One around a stream. */
  public WatchedOutput(OutputStream out) {
    super(out);
  }

  /** Of this process's results. */
  public static WatchedOutput ofProcess() {
    return new WatchedOutput(new FileOutputStream(FileDescriptor.out));
  }

  /**
   * Why something written was lost: the first failure, unless the reader at the other end of a pipe
   * had enough.
   */
  public Optional<String> loss() {
    return failure
        .map(failed -> String.valueOf(failed.getMessage()))
        .filter(reason -> !reason.contains("Broken pipe"));
  }

  @Override
  public void write(int value) throws IOException {
    watched(() -> out.write(value));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    watched(() -> out.write(bytes, offset, length));
  }

  @Override
  public void flush() throws IOException {
    watched(out::flush);
  }

  private interface Writing {
    void run() throws IOException;
  }

  private void watched(Writing writing) throws IOException {
    try {
      writing.run();
    } catch (IOException failed) {
      failure = failure.or(() -> Optional.of(failed));
      throw failed;
    }
  }
}
