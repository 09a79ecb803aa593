package dev.merlon.actors.event;

import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.List;

/**
 * What a certification tells those who watch it, after every batch.
 *
 * @param done queries answered, those of a resumed file included
 * @param total queries asked
 * @param fresh the verdicts of this batch, in the order of the queries; empty at the start
 * @param summary all verdicts so far
 * @param elapsed since the start
 */
public record CertificationProgress(
    long done, long total, List<Verdict> fresh, Summary summary, Duration elapsed)
    implements JobEvent {

  /** Copies the verdicts. */
  public CertificationProgress {
    fresh = List.copyOf(fresh);
  }
}
