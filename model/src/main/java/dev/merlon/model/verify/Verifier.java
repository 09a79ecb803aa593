package dev.merlon.model.verify;

import java.util.List;

/**
 * Answers queries about one model. Synchronous and not thread-safe: it owns native memory and one
 * thread at a time works with it; whoever opened it closes it.
 */
public interface Verifier extends AutoCloseable {

  /**
   * Answers every query. What goes wrong with one input is that input's verdict {@code unknown}.
   *
   * @return one verdict per query, in their order
   */
  List<Verdict> verify(List<Query> queries);

  /** Frees the native memory; the verifier is of no use afterwards. */
  @Override
  void close();
}
