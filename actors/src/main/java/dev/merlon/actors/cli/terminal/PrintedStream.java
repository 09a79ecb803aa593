package dev.merlon.actors.cli.terminal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * A print stream whose failures are heard of: a {@link #flush} throws when something was lost.
 * Closing it leaves the print stream open.
 */
public final class PrintedStream extends OutputStream {
  private final PrintStream printed;

  /** One that writes to this stream. */
  public PrintedStream(PrintStream printed) {
    this.printed = printed;
  }

  @Override
  public void write(int value) {
    printed.write(value);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    printed.write(bytes, offset, length);
  }

  @Override
  public void flush() throws IOException {
    if (printed.checkError()) {
      throw new IOException("nobody takes what is written there");
    }
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
