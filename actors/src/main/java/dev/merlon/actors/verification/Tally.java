package dev.merlon.actors.verification;

import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;

/**
 * What is counted of the verdicts of one request, and told to those who watch. Used by one thread
 * after another.
 *
 * @param <R> what is said at the end
 */
interface Tally<R> {
  /** Counts verdicts that the results held when they were opened, and tells that work begins. */
  void begin(List<Verdict> earlier);

  /** Counts and tells verdicts that were known before elsewhere. */
  void known(List<Verdict> verdicts);

  /** Counts and tells verdicts that were found now. */
  void found(List<Verdict> verdicts);

  /** Whether no more verdicts are wanted. */
  boolean enough();

  /** What came out. */
  R report();
}
