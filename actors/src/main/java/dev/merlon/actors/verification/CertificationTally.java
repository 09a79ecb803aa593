package dev.merlon.actors.verification;

import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.UnionTally;
import dev.merlon.model.verify.question.Questions;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Counts the verdicts of a certification for each set and for their union, and minds its gate. */
final class CertificationTally implements Tally<CertificationReport> {
  private final CertificationRequest request;
  private final Consumer<JobEvent> watcher;
  private final UnionTally counts;
  private final long startNanos = System.nanoTime();
  private Reused reused = Reused.NONE;
  private long done;

  /**
   * An empty one.
   *
   * @param watcher told at the start and after every list of verdicts
   * @throws dev.merlon.config.failure.MerlonException when the gate is about something that is not
   *     asked
   */
  CertificationTally(CertificationRequest request, Consumer<JobEvent> watcher) {
    Questions questions = request.questions();
    this.request = request;
    this.watcher = watcher;
    this.counts =
        new UnionTally(
            questions.threats(), questions.inputs(), request.effort().rungs().contains(Rung.PGD));
    request.gate().ifPresent(gate -> gate.decide(counts.summary()));
  }

  @Override
  public void begin(List<Verdict> earlier) {
    earlier.forEach(counts::addKnown);
    done += earlier.size();
    tell(List.of());
  }

  @Override
  public void known(List<Verdict> verdicts) {
    verdicts.forEach(counts::addKnown);
    reused = reused.and(verdicts);
    done += verdicts.size();
    tell(verdicts);
  }

  @Override
  public void found(List<Verdict> verdicts) {
    verdicts.forEach(counts::add);
    done += verdicts.size();
    tell(verdicts);
  }

  private void tell(List<Verdict> fresh) {
    long total = request.questions().size();
    watcher.accept(new CertificationProgress(done, total, fresh, counts.summary(), elapsed()));
  }

  @Override
  public boolean enough() {
    return request
        .gate()
        .filter(CertificationRequest.Gate::stopEarly)
        .map(gate -> gate.decide(counts.summary()))
        .filter(decision -> decision == Requirement.Decision.REJECTED)
        .isPresent();
  }

  @Override
  public CertificationReport report() {
    Summary summary = counts.summary();
    return new CertificationReport(
        request.model().name(),
        request.model().sha256(),
        request.questions().data(),
        request.model().use(),
        summary,
        reused,
        request.gate().map(gate -> gate.decide(summary)),
        elapsed());
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
