package dev.merlon.actors.verification;

import java.util.concurrent.CompletionStage;

/**
 * Verification that was started. Thread-safe.
 *
 * @param <R> what it ends with
 */
public final class RunningWork<R> {
  private final Runnable stop;
  private final CompletionStage<R> report;

  RunningWork(Runnable stop, CompletionStage<R> report) {
    this.stop = stop;
    this.report = report;
  }

  /**
   * How it ends; when it completes, results are written. Fails with a {@link
   * dev.merlon.config.failure.MerlonException} when the model is refused, the results cannot be
   * written or something broke.
   */
  public CompletionStage<R> report() {
    return report;
  }

  /**
   * Asks it to stop soon: what is worked on is given back unless it is answered by then, and
   * nothing else is begun.
   *
   * @return {@link #report()}, whose summary is not complete then
   */
  public CompletionStage<R> cancel() {
    stop.run();
    return report;
  }
}
