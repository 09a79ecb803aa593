package dev.merlon.model.verify;

import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.LadderPhase;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * An open model, which answers queries. Synchronous and not thread-safe: it owns native memory and
 * one thread at a time works with it; whoever opened it closes it.
 */
public interface Verifier extends AutoCloseable {

  /**
   * Answers what a slice asks as far as the effort goes: queries about inputs, properties of inputs
   * and outputs. What goes wrong with one input is that input's verdict {@code unknown}. Verdicts
   * and margins do not depend on which queries share a slice, on the slice's order, nor, but for
   * time limits, on how often work was handed on.
   *
   * @param slice some of which may have been begun by another verifier of the same model
   * @param effort how hard is tried
   * @param stop whether to give back what is left; looked at before every batch of a rung and every
   *     round of branch and bound
   * @return the answers that there are; the others are left where {@code stop} said so, or where
   *     rungs of later phases remain
   * @throws dev.merlon.config.failure.MerlonException (configuration) when a guarantee that is
   *     asked for cannot be given for this model, or the model has no classes to tell apart; (data)
   *     when a property is about tensors of another size
   */
  Answers verify(List<? extends Pending> slice, Effort effort, BooleanSupplier stop);

  /**
   * Answers every query, climbing the whole ladder.
   *
   * @return one verdict per query, in their order
   */
  default List<Verdict> verify(List<Query> queries, Effort effort) {
    List<PendingQuery> slice = queries.stream().map(PendingQuery::fresh).toList();
    return verify(slice, effort.upTo(LadderPhase.SEARCH), () -> false).verdicts();
  }

  /** Frees the native memory; the verifier is of no use afterwards. */
  @Override
  void close();
}
