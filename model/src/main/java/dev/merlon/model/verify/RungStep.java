package dev.merlon.model.verify;

import dev.merlon.model.verify.ladder.LadderStep;
import dev.merlon.model.verify.question.Question;
import java.util.List;

/** One rung at work on a batch of queries. */
interface RungStep extends LadderStep<OpenQuery> {

  /** Tries to end each of these queries, which ask the same question. */
  void answer(List<OpenQuery> queries, Question question);

  @Override
  default Question question(OpenQuery query) {
    return query.query().question();
  }

  @Override
  default void answer(List<OpenQuery> batch) {
    answer(batch, question(batch.get(0)));
  }
}
