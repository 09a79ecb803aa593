package dev.merlon.actors.event;

import dev.merlon.model.verify.verdict.Outcome;
import java.util.Map;

/**
 * What certifying cases of several models tells those who watch it, after every list of verdicts.
 *
 * @param done cases with a verdict, those of a resumed file included
 * @param total cases asked
 * @param kinds how many ended with each word so far
 */
public record CasesProgress(long done, long total, Map<Outcome.Kind, Integer> kinds)
    implements JobEvent {

  /** Copies the map. */
  public CasesProgress {
    kinds = Map.copyOf(kinds);
  }
}
