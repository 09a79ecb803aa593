package dev.merlon.actors.verification;

import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Verdict;
import java.util.Iterator;
import java.util.List;

/**
 * The questions of one stream and what becomes of their verdicts. Used by one stage of the stream,
 * and by nobody else until the stream has ended.
 *
 * @param <R> what is said at the end
 */
interface QueryBook<R> extends AutoCloseable {
  /** Is told that the work begins. */
  void begin();

  /** The queries that have no verdict yet. */
  Iterator<Query> open();

  /** Keeps fresh verdicts. Returns whether to go on. */
  boolean record(List<Verdict> fresh);

  /** What came out, once the stream has ended. */
  R report();

  @Override
  void close();
}
