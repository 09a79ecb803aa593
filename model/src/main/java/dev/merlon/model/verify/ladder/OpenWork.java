package dev.merlon.model.verify.ladder;

import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Something that is to be proved or refuted, while the rungs are climbed: what was tried, how it
 * ended, how much time it took. Not thread-safe.
 */
public abstract class OpenWork {
  private final Set<Rung> tried = EnumSet.noneOf(Rung.class);
  private Optional<Outcome> outcome = Optional.empty();
  private boolean interrupted;
  private long spentNanos;

  /**
   * Work that nothing has ended.
   *
   * @param tried the rungs that were climbed to their end
   * @param spentNanos time spent so far
   */
  protected OpenWork(Set<Rung> tried, long spentNanos) {
    this.tried.addAll(tried);
    this.spentNanos = spentNanos;
  }

  /** Whether nothing has ended it. */
  public boolean open() {
    return outcome.isEmpty();
  }

  /** How it ended. */
  public Optional<Outcome> outcome() {
    return outcome;
  }

  /** Ends it. */
  public void end(Outcome answer) {
    outcome = Optional.of(answer);
  }

  /** How far it came, for people. */
  public abstract String progress();

  /** The last rung that was tried. */
  public Rung lastRung() {
    return tried.stream().max(Comparator.naturalOrder()).orElse(Rung.PREDICT);
  }

  public boolean hasTried(Rung rung) {
    return tried.contains(rung);
  }

  /** A copy of the rungs that were climbed to their end. */
  public Set<Rung> tried() {
    return EnumSet.copyOf(tried);
  }

  public void tried(Rung rung) {
    if (!interrupted) {
      tried.add(rung);
    }
  }

  /** Whether it is given back, with or without an answer. */
  public boolean interrupted() {
    return interrupted;
  }

  /** Gives it back; a rung that is at work on it has to be climbed again. */
  public void interrupt() {
    interrupted = true;
  }

  /** Time spent so far. */
  protected long spentNanos() {
    return spentNanos;
  }

  /** Adds to the time spent. */
  protected void spend(long nanos) {
    spentNanos += nanos;
  }
}
