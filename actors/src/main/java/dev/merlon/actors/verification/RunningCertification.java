package dev.merlon.actors.verification;

import akka.stream.KillSwitch;
import java.util.concurrent.CompletionStage;

/** A certification that was started. Thread-safe. */
public final class RunningCertification {
  private final KillSwitch stop;
  private final CompletionStage<CertificationReport> report;

  RunningCertification(KillSwitch stop, CompletionStage<CertificationReport> report) {
    this.stop = stop;
    this.report = report;
  }

  /**
   * How it ends; when it completes, the results file is closed and all native memory is freed.
   * Fails with a {@link dev.merlon.config.MerlonException} when the model is refused, the results
   * cannot be written or something broke.
   */
  public CompletionStage<CertificationReport> report() {
    return report;
  }

  /**
   * Asks it to stop soon: batches in progress are finished and kept, no other is begun.
   *
   * @return {@link #report()}, whose summary is not complete then
   */
  public CompletionStage<CertificationReport> cancel() {
    stop.shutdown();
    return report;
  }
}
