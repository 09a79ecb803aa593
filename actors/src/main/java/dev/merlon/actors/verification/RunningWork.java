package dev.merlon.actors.verification;

import akka.stream.KillSwitch;
import java.util.concurrent.CompletionStage;

/**
 * Verification that was started. Thread-safe.
 *
 * @param <R> what it ends with
 */
public class RunningWork<R> {
  private final KillSwitch stop;
  private final CompletionStage<R> report;

  RunningWork(KillSwitch stop, CompletionStage<R> report) {
    this.stop = stop;
    this.report = report;
  }

  /**
   * How it ends; when it completes, all native memory is freed and results are written. Fails with
   * a {@link dev.merlon.config.MerlonException} when the model is refused, the results cannot be
   * written or something broke.
   */
  public CompletionStage<R> report() {
    return report;
  }

  /**
   * Asks it to stop soon: batches in progress are finished and kept, no other is begun.
   *
   * @return {@link #report()}, whose summary is not complete then
   */
  public CompletionStage<R> cancel() {
    stop.shutdown();
    return report;
  }
}
