package dev.merlon.model.verify.verdict;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Verdicts that go to a stream: a pipe, a terminal, standard output. Nothing can be gone on with,
 * nothing lies beside it. Owns the stream.
 */
public final class VerdictStream implements VerdictSink {
  private final String name;
  private final OutputStream out;

  /**
   * One to a stream.
   *
   * @param name what it is called in messages
   */
  public VerdictStream(String name, OutputStream out) {
    this.name = name;
    this.out = out;
  }

  /** None: a stream has no past. */
  @Override
  public List<VerdictFile.Line> earlierLines() {
    return List.of();
  }

  @Override
  public void append(List<VerdictFile.Line> fresh) {
    StringBuilder lines = new StringBuilder();
    fresh.forEach(line -> lines.append(VerdictLine.write(line)).append('\n'));
    try {
      out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException lost) {
      throw unwritable(FileReason.of(lost), lost);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException lost) {
      throw unwritable(FileReason.of(lost), lost);
    }
  }

  private MerlonException unwritable(String reason, IOException lost) {
    return new MerlonException(
        new Failure.Device(
            "Verdicts cannot be written to " + name + ": " + reason,
            "Make room or keep its reader open, or name a file, with which --resume could go on."),
        lost);
  }
}
