package dev.merlon.model.verify;

import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.specification.Neighbourhood;
import dev.merlon.model.verify.specification.Specification;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.OptionalInt;

/**
 * A query about an input that waits for an answer.
 *
 * @param progress what is known of it
 */
public record PendingQuery(Query query, Progress progress) implements Pending {

  /** A query that nobody has worked on. */
  public static PendingQuery fresh(Query query) {
    return new PendingQuery(query, Progress.NONE);
  }

  @Override
  public Specification<Neighbourhood> specification(int outputs) {
    return query.specification(outputs);
  }

  @Override
  public boolean asksTheSame(Pending other) {
    return other instanceof PendingQuery that && query.equals(that.query);
  }

  /** The line of a results file that an outcome gives, with what is known. */
  Verdict verdict(Outcome outcome) {
    return new Verdict(
        query.property(),
        progress.prediction().map(seen -> OptionalInt.of(seen.best())).orElse(OptionalInt.empty()),
        outcome,
        progress.margins(),
        query.guarantee(),
        progress.spentNanos() / 1e6);
  }
}
