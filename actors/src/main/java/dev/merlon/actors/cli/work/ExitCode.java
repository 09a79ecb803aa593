package dev.merlon.actors.cli.work;

import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.verify.verdict.Outcome;

/** How the process ends. */
public enum ExitCode {
  /** Done; for a gate: accepted. */
  DONE(0),
  /** A gate that can no longer be reached. */
  REJECTED(1),
  /** Bad usage or bad input. */
  USAGE(2),
  /** A failure of Merlon itself. */
  FAILED(3),
  /** A gate left undecided, or some inputs that could not be processed. */
  UNDECIDED(4),
  /** Interrupted by SIGINT, after a checkpoint. */
  INTERRUPTED(130),
  /** Interrupted by SIGTERM, after a checkpoint. */
  TERMINATED(143);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  /** The process's exit status. */
  public int value() {
    return value;
  }

  /** The exit that verdicts call for, where nothing was interrupted. */
  public static ExitCode of(CertificationReport report) {
    if (report.summary().count(Outcome.Kind.CONFLICT) > 0) {
      return FAILED;
    }
    return report
        .decision()
        .map(
            decision ->
                switch (decision) {
                  case ACCEPTED -> DONE;
                  case REJECTED -> REJECTED;
                  case UNDECIDED -> UNDECIDED;
                })
        .orElse(report.summary().unprocessed().inputs() > 0 ? UNDECIDED : DONE);
  }

  /** The exit of a command that ended with this failure. */
  public static ExitCode of(Failure failure) {
    if (failure.isOfInput()) {
      return USAGE;
    }
    return failure instanceof Failure.Cancelled ? INTERRUPTED : FAILED;
  }
}
