package dev.merlon.actors.verification;

import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;

/** What verifiers are handed: all tasks of a request are of one kind. */
public sealed interface Task {

  /**
   * A query about an input.
   *
   * @param pending it and what is known of it
   */
  record OfQuery(PendingQuery pending) implements Task {}

  /**
   * A VNN-LIB property. What a verifier found out about one that it gives back is not kept.
   *
   * @param deadline of {@link System#nanoTime}, at which its time is up; opening the model counts
   */
  record OfProperty(VnnLibProperty property, long deadline) implements Task {}
}
