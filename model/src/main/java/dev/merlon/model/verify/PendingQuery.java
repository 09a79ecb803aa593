package dev.merlon.model.verify;

import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.question.Query;

/**
 * A query that waits for an answer.
 *
 * @param progress what is known of it
 */
public record PendingQuery(Query query, Progress progress) {

  /** A query that nobody has worked on. */
  public static PendingQuery fresh(Query query) {
    return new PendingQuery(query, Progress.NONE);
  }
}
