package dev.merlon.actors.job;

import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.verification.CertificationReport;
import dev.merlon.actors.verification.CertificationRequest;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks verifiers about a model, tells how it goes, and ends in order when the job is to stop: a
 * part of every job that wants verdicts.
 */
final class CertificationPhase {
  private final JobContext context;
  private final ActorHost host;
  private final JobPhase phase;

  /**
   * One of a job.
   *
   * @param phase what it is to those who watch
   */
  CertificationPhase(JobContext context, ActorHost host, JobPhase phase) {
    this.context = context;
    this.host = host;
    this.phase = phase;
  }

  /**
   * Asks.
   *
   * @param facts what is known about the model; closed at the end
   * @param verifiers who is asked
   * @param fresh told every verdict that no results file held before, from one thread at a time
   * @return what came out; not complete if the job was stopped
   * @throws MerlonException when it cannot be done
   */
  CertificationReport run(
      CertificationRequest request,
      Facts facts,
      Verifiers verifiers,
      Consumer<List<Verdict>> fresh) {
    CertificationReport report =
        context.during(phase, () -> asked(request, facts, verifiers, fresh));
    context.tell(new JobEvent.ModelCertified(report.summary()));
    return report;
  }

  private CertificationReport asked(
      CertificationRequest request,
      Facts facts,
      Verifiers verifiers,
      Consumer<List<Verdict>> fresh) {
    try (Verifiers.Opened opened = verifiers.open(host)) {
      return context.untilStopped(
          phase,
          opened
              .certification()
              .start(
                  request,
                  facts,
                  event -> {
                    if (event instanceof CertificationProgress progress) {
                      fresh.accept(progress.fresh());
                    }
                    context.tell(event);
                  }));
    }
  }
}
