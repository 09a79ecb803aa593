package dev.merlon.model.verify;

import dev.merlon.config.FirstLine;
import dev.merlon.model.bound.OutOfTime;
import dev.merlon.model.norm.PerturbationSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Climbs the rungs with a group of queries: each rung works in batches on the queries that no
 * cheaper one ended. Before every batch, queries whose time is spent are ended. A batch that fails
 * is tried again query by query, so that one input's failure stays its own. Not thread-safe.
 */
final class Ladder {
  private final List<RungStep> steps;
  private final long timeoutNanos;
  private final LongSupplier nanoTime;

  /**
   * A ladder of these steps.
   *
   * @param timeoutNanos time for one query
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  Ladder(List<RungStep> steps, long timeoutNanos, LongSupplier nanoTime) {
    this.steps = List.copyOf(steps);
    this.timeoutNanos = timeoutNanos;
    this.nanoTime = nanoTime;
  }

  void climb(List<OpenQuery> queries) {
    for (RungStep step : steps) {
      Map<PerturbationSet, List<OpenQuery>> bySet = new LinkedHashMap<>();
      for (OpenQuery query : queries) {
        if (step.concerns(query)) {
          bySet.computeIfAbsent(query.query().set(), set -> new ArrayList<>()).add(query);
        }
      }
      bySet.forEach((set, concerned) -> inBatches(step, set, concerned));
    }
  }

  private void inBatches(RungStep step, PerturbationSet set, List<OpenQuery> queries) {
    List<OpenQuery> inTime = queries.stream().filter(query -> inTime(query, step)).toList();
    for (int start = 0; start < inTime.size(); start += step.batch()) {
      int end = Math.min(inTime.size(), start + step.batch());
      answer(step, set, inTime.subList(start, end));
    }
  }

  private boolean inTime(OpenQuery query, RungStep step) {
    boolean inTime = step.rung() == Rung.PREDICT || query.spentNanos() < timeoutNanos;
    if (!inTime && query.open()) {
      String reason = "time is up; " + query.progress();
      query.end(new Outcome.Timeout(query.lastRung(), Optional.of(reason)));
    }
    return inTime;
  }

  private void answer(RungStep step, PerturbationSet set, List<OpenQuery> batch) {
    long start = nanoTime.getAsLong();
    try {
      step.answer(batch, set);
      charge(step, batch, start);
    } catch (OutOfTime late) {
      charge(step, batch, start);
      batch.stream()
          .filter(OpenQuery::open)
          .forEach(query -> query.end(new Outcome.Timeout(step.rung())));
    } catch (RuntimeException failed) {
      charge(step, batch, start);
      if (batch.size() > 1) {
        batch.stream().filter(step::concerns).forEach(query -> answer(step, set, List.of(query)));
      } else if (batch.get(0).open()) {
        OpenQuery query = batch.get(0);
        query.end(Outcome.Unknown.failed(step.rung(), reason(failed) + "; " + query.progress()));
      }
    }
  }

  private void charge(RungStep step, List<OpenQuery> batch, long start) {
    long share = (nanoTime.getAsLong() - start) / batch.size();
    for (OpenQuery query : batch) {
      query.spend(share);
      query.tried(step.rung());
    }
  }

  private static String reason(RuntimeException failed) {
    String message = FirstLine.of(failed);
    return failed.getClass().getSimpleName() + ": " + message;
  }
}
