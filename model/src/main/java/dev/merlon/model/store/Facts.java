package dev.merlon.model.store;

import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;

/**
 * What is known about one model, for somebody who asks with one effort. Not thread-safe, but for
 * being used by one thread after another.
 */
public interface Facts extends AutoCloseable {
  /** Nothing is known, nothing is kept. */
  Facts NONE =
      new Facts() {
        @Override
        public List<Verdict> known(List<Query> queries) {
          return List.of();
        }

        @Override
        public List<Verdict> record(List<Verdict> fresh) {
          return fresh;
        }

        @Override
        public void close() {}
      };

  /**
   * The verdicts that are known already, in the order of their queries; the others have to be
   * found. A verdict that follows from a stronger one says so ({@link
   * dev.merlon.model.verify.verdict.Outcome.Implied}).
   */
  List<Verdict> known(List<Query> queries);

  /**
   * Keeps verdicts about queries that were not known; they are on the disk when this returns.
   *
   * @return the same, but for those that contradict what is known: these are conflicts
   * @throws dev.merlon.config.failure.MerlonException (device) when they cannot be kept
   */
  List<Verdict> record(List<Verdict> fresh);

  @Override
  void close();
}
