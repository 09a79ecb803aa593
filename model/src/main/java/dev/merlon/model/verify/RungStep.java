package dev.merlon.model.verify;

import dev.merlon.model.norm.PerturbationSet;
import java.util.List;

/** One rung at work on a batch. Implementations belong to one verifier and its thread. */
interface RungStep {

  /** Which rung this is. */
  Rung rung();

  /** How many queries it may be given at once. */
  int batch();

  /** Tries to end each of these queries, which share their perturbation set. */
  void answer(List<OpenQuery> queries, PerturbationSet set);

  /** Whether this rung has something to say about a query. */
  default boolean concerns(OpenQuery query) {
    return query.open();
  }
}
