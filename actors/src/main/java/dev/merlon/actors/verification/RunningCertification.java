package dev.merlon.actors.verification;

import akka.stream.KillSwitch;
import java.util.concurrent.CompletionStage;

/** A certification that was started; it closes its results file when it ends. Thread-safe. */
public final class RunningCertification extends RunningWork<CertificationReport> {
  RunningCertification(KillSwitch stop, CompletionStage<CertificationReport> report) {
    super(stop, report);
  }
}
