package dev.merlon.actors.verification;

import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.function.Predicate;

/**
 * Verdicts that were known before and not asked for again.
 *
 * @param verdicts number of all of them
 * @param implied how many follow from stronger ones
 * @param timeouts how many are timeouts: as much was tried before
 */
public record Reused(int verdicts, int implied, int timeouts) {
  /** None. */
  public static final Reused NONE = new Reused(0, 0, 0);

  /** The same with some more. */
  Reused and(List<Verdict> known) {
    return new Reused(
        verdicts + known.size(),
        implied + count(known, verdict -> verdict.outcome() instanceof Outcome.Implied),
        timeouts + count(known, verdict -> verdict.kind() == Outcome.Kind.TIMEOUT));
  }

  /** Both together. */
  Reused and(Reused other) {
    return new Reused(
        verdicts + other.verdicts, implied + other.implied, timeouts + other.timeouts);
  }

  private static int count(List<Verdict> known, Predicate<Verdict> condition) {
    return (int) known.stream().filter(condition).count();
  }
}
