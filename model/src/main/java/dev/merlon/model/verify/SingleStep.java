package dev.merlon.model.verify;

import dev.merlon.model.verify.question.Question;
import java.util.List;

/** A rung that works on one query at a time, within what is left of its time. */
interface SingleStep extends RungStep {

  /** Tries to end this query. */
  void answer(OpenQuery query);

  @Override
  default int batch() {
    return 1;
  }

  @Override
  default void answer(List<OpenQuery> queries, Question question) {
    queries.forEach(this::answer);
  }
}
