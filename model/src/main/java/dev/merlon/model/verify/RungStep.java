package dev.merlon.model.verify;

import java.util.List;

/** One rung at work on a batch. Implementations belong to one verifier and its thread. */
interface RungStep {

  /** Which rung this is. */
  Rung rung();

  /** How many queries it may be given at once. */
  int batch();

  /** Tries to end each of these queries, which ask the same question. */
  void answer(List<OpenQuery> queries, Question question);

  /** Whether this rung has something to say about a query. */
  default boolean concerns(OpenQuery query) {
    return query.open();
  }
}
