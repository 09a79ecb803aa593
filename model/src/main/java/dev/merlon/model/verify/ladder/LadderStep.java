package dev.merlon.model.verify.ladder;

import dev.merlon.model.verify.verdict.Rung;
import java.util.List;

/**
 * One rung at work on a batch. Implementations belong to one verifier and its thread.
 *
 * @param <W> what it works on
 */
public interface LadderStep<W extends OpenWork> {

  /** Which rung this is. */
  Rung rung();

  /** How many it may be given at once. */
  int batch();

  /** What has to be equal for those that share a batch. */
  Object question(W work);

  /** Tries to end each of these, whose questions are equal. */
  void answer(List<W> batch);

  /** Whether this rung has something to say about one. */
  default boolean concerns(W work) {
    return work.open();
  }
}
