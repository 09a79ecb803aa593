package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.job.ActorHost;
import dev.merlon.actors.job.Waiting;
import dev.merlon.actors.verification.Certification;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.CertificationRequest;
import dev.merlon.actors.verification.RunningWork;
import dev.merlon.actors.verification.VerificationSettings;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.Outcome;
import dev.merlon.model.verify.Summary;
import dev.merlon.model.verify.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs a certification for a command: shows its progress and stops it on request. */
final class Certifier {
  private final CommandContext context;
  private final ActorHost host;
  private final Facts facts;
  private final CertificationView.Measure measure;

  /**
   * One whose progress shows what {@code measure} says.
   *
   * @param facts what is known about the model; closed when it is certified
   */
  Certifier(
      CommandContext context, ActorHost host, Facts facts, CertificationView.Measure measure) {
    this.context = context;
    this.host = host;
    this.facts = facts;
    this.measure = measure;
  }

  /**
   * What came out.
   *
   * @param fresh the verdicts that no results file held before, where they are few
   */
  record Result(CertificationReport report, List<Verdict> fresh) {
    Result {
      fresh = List.copyOf(fresh);
    }

    /** The exit code that the verdicts call for, where nothing was interrupted. */
    ExitCode code() {
      return Certifier.code(report);
    }

    int conflicts() {
      return report.summary().count(Outcome.Kind.CONFLICT);
    }

    Summary.Unprocessed unprocessed() {
      return report.summary().unprocessed();
    }
  }

  /** The exit code that verdicts call for, where nothing was interrupted. */
  static ExitCode code(CertificationReport report) {
    if (report.summary().count(Outcome.Kind.CONFLICT) > 0) {
      return ExitCode.FAILED;
    }
    return report
        .decision()
        .map(
            decision ->
                switch (decision) {
                  case ACCEPTED -> ExitCode.DONE;
                  case REJECTED -> ExitCode.REJECTED;
                  case UNDECIDED -> ExitCode.UNDECIDED;
                })
        .orElse(report.summary().unprocessed().inputs() > 0 ? ExitCode.UNDECIDED : ExitCode.DONE);
  }

  /**
   * Certifies.
   *
   * @param verifiers how many work at once; empty = as configured
   * @param fresh told every new verdict, from one thread at a time
   */
  Result run(
      CertificationRequest request, Optional<Integer> verifiers, Consumer<List<Verdict>> fresh) {
    VerificationSettings configured = VerificationSettings.of(host.system());
    VerificationSettings settings = verifiers.map(configured::withVerifiers).orElse(configured);
    try (CertificationView view = new CertificationView(context.console(), measure);
        Certification certification = new Certification(host.system(), settings)) {
      RunningWork<CertificationReport> running =
          certification.start(
              request,
              facts,
              event -> {
                view.show(event);
                fresh.accept(event.fresh());
              });
      try (var registration = context.interrupts().during(code -> stop(running, view))) {
        CertificationReport report = Waiting.forResult(running.report());
        return new Result(report, view.fresh());
      }
    }
  }

  private static void stop(RunningWork<CertificationReport> running, CertificationView view) {
    view.say("Stopping; a second Ctrl-C ends at once");
    running.cancel();
  }

  /** Says what a reader of the results must not miss. */
  void warn(Result result) {
    warn(context.console(), result.report().summary());
  }

  /** Says what a reader of these results must not miss. */
  static void warn(Console console, Summary summary) {
    warn(console, summary.count(Outcome.Kind.CONFLICT), summary.unprocessed(), "input");
  }

  /**
   * Says what a reader of the results must not miss.
   *
   * @param unprocessed the {@code noun}s that could not be worked on
   */
  static void warn(Console console, int conflicts, Summary.Unprocessed unprocessed, String noun) {
    if (conflicts > 0) {
      console.say(
          console.errAnsi().string("@|bold,red ALARM:|@ ")
              + Amounts.count(conflicts, "verdict")
              + " in conflict: a bound and ONNX Runtime contradict each other.");
    }
    if (unprocessed.inputs() > 0) {
      console.say(
          Amounts.count(unprocessed.inputs(), noun)
              + " could not be processed, neither proved nor attacked without success"
              + unprocessed.reason().map(reason -> "; the first " + reason).orElse("")
              + "; the verdicts say why.");
    }
  }
}
