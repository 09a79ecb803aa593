package dev.merlon.model.verify;

import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * What became of a slice: each of its questions is in one of the two lists, both in the slice's
 * order but for properties, which come behind queries.
 *
 * @param answered those that have an answer
 * @param left the others, with what is known of them now
 */
public record Answers(List<Answered> answered, List<Pending> left) {
  /** Copies the lists. */
  public Answers {
    answered = List.copyOf(answered);
    left = List.copyOf(left);
  }

  /**
   * An answer.
   *
   * @param asked what was asked, with what was known of it in the end
   */
  public record Answered(Pending asked, Outcome outcome) {

    /** What results files say of it; there is none of a property, which has no input of its own. */
    public Optional<Verdict> verdict() {
      return asked instanceof PendingQuery query
          ? Optional.of(query.verdict(outcome))
          : Optional.empty();
    }

    /** The answer to a query that could not be worked on at all. */
    public static Answered unanswered(PendingQuery query, String reason) {
      return new Answered(
          PendingQuery.fresh(query.query()), new Outcome.Unknown(Rung.PREDICT, reason));
    }
  }

  /** The verdicts about queries. */
  public List<Verdict> verdicts() {
    return answered.stream().flatMap(one -> one.verdict().stream()).toList();
  }
}
