package dev.merlon.model.verify.verdict;

import java.util.List;

/** Where verdicts go, one line each, as they are found. Not thread-safe. */
public sealed interface VerdictSink extends AutoCloseable permits VerdictFile, VerdictStream {
  /** The lines that were there when it was opened. */
  List<VerdictFile.Line> earlierLines();

  /**
   * Appends lines; they are in the operating system's hands when this returns.
   *
   * @throws dev.merlon.config.failure.MerlonException (device) when they cannot be written
   */
  void append(List<VerdictFile.Line> fresh);

  @Override
  void close();
}
