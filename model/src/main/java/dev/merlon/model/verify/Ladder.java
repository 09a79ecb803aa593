package dev.merlon.model.verify;

import dev.merlon.config.failure.FirstLine;
import dev.merlon.model.bound.linear.OutOfTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Climbs the rungs with a group of queries: each rung works in batches on the queries that no
 * cheaper one ended. Before every batch, queries whose time is spent are ended, and what is left is
 * given back if that is wanted. A batch that fails is tried again query by query, so that one
 * input's failure stays its own. Not thread-safe.
 */
final class Ladder {
  private final List<RungStep> steps;
  private final Clock clock;

  /** A ladder of these steps. */
  Ladder(List<RungStep> steps, Clock clock) {
    this.steps = List.copyOf(steps);
    this.clock = clock;
  }

  void climb(List<OpenQuery> queries) {
    for (RungStep step : steps) {
      Map<Question, List<OpenQuery>> byQuestion = new LinkedHashMap<>();
      for (OpenQuery query : queries) {
        if (step.concerns(query) && !query.interrupted() && !query.hasTried(step.rung())) {
          Question question = query.query().question();
          byQuestion.computeIfAbsent(question, key -> new ArrayList<>()).add(query);
        }
      }
      byQuestion.forEach((question, concerned) -> inBatches(step, question, concerned));
    }
  }

  private void inBatches(RungStep step, Question question, List<OpenQuery> queries) {
    List<OpenQuery> inTime = queries.stream().filter(query -> inTime(query, step)).toList();
    for (int start = 0; start < inTime.size(); start += step.batch()) {
      List<OpenQuery> batch = inTime.subList(start, Math.min(inTime.size(), start + step.batch()));
      if (clock.stop().getAsBoolean()) {
        batch.forEach(OpenQuery::interrupt);
      } else {
        answer(step, question, batch);
      }
    }
  }

  private boolean inTime(OpenQuery query, RungStep step) {
    boolean inTime = step.rung() == Rung.PREDICT || !clock.spent(query);
    if (!inTime && query.open()) {
      String reason = "time is up; " + query.progress();
      query.end(new Outcome.Timeout(query.lastRung(), Optional.of(reason)));
    }
    return inTime;
  }

  private void answer(RungStep step, Question question, List<OpenQuery> batch) {
    long start = clock.nanoTime().getAsLong();
    try {
      step.answer(batch, question);
      charge(step, batch, start);
    } catch (OutOfTime late) {
      if (clock.stop().getAsBoolean()) {
        batch.forEach(OpenQuery::interrupt);
      }
      charge(step, batch, start);
      batch.stream()
          .filter(query -> query.open() && !query.interrupted())
          .forEach(query -> query.end(new Outcome.Timeout(step.rung())));
    } catch (RuntimeException failed) {
      charge(step, batch, start);
      if (batch.size() > 1) {
        batch.stream()
            .filter(step::concerns)
            .forEach(query -> answer(step, question, List.of(query)));
      } else if (batch.get(0).open()) {
        OpenQuery query = batch.get(0);
        query.end(Outcome.Unknown.failed(step.rung(), reason(failed) + "; " + query.progress()));
      }
    }
  }

  private void charge(RungStep step, List<OpenQuery> batch, long start) {
    long share = (clock.nanoTime().getAsLong() - start) / batch.size();
    for (OpenQuery query : batch) {
      query.spend(share);
      query.tried(step.rung());
    }
  }

  private static String reason(RuntimeException failed) {
    return failed.getClass().getSimpleName() + ": " + FirstLine.of(failed);
  }
}
