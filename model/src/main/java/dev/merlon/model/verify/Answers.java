package dev.merlon.model.verify;

import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;

/**
 * What became of a slice: each of its queries is in one of the two lists, both in the slice's
 * order.
 *
 * @param answered the queries that have a verdict
 * @param left the others, with what is known of them now
 */
public record Answers(List<Answered> answered, List<PendingQuery> left) {
  /** Copies the lists. */
  public Answers {
    answered = List.copyOf(answered);
    left = List.copyOf(left);
  }

  /** A query and its verdict. */
  public record Answered(Query query, Verdict verdict) {}

  /** The verdicts. */
  public List<Verdict> verdicts() {
    return answered.stream().map(Answered::verdict).toList();
  }
}
