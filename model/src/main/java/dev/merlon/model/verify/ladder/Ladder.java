package dev.merlon.model.verify.ladder;

import dev.merlon.config.failure.FirstLine;
import dev.merlon.model.bound.linear.OutOfTime;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Climbs the rungs with a group of queries or of a property's regions: each rung works in batches
 * on what no cheaper one ended. Before every batch, what has spent its time is ended, and what is
 * left is given back if that is wanted. A batch that fails is tried again one by one, so that one
 * input's failure stays its own. Not thread-safe.
 *
 * @param <W> what is worked on
 */
public final class Ladder<W extends OpenWork> {
  private final List<? extends LadderStep<W>> steps;
  private final Clock clock;

  /** A ladder of these steps. */
  public Ladder(List<? extends LadderStep<W>> steps, Clock clock) {
    this.steps = List.copyOf(steps);
    this.clock = clock;
  }

  /** Works until all are ended, given back or have tried every rung. */
  public void climb(List<W> all) {
    for (LadderStep<W> step : steps) {
      Map<Object, List<W>> byQuestion = new LinkedHashMap<>();
      for (W work : all) {
        if (step.concerns(work) && !work.interrupted() && !work.hasTried(step.rung())) {
          byQuestion.computeIfAbsent(step.question(work), key -> new ArrayList<>()).add(work);
        }
      }
      byQuestion.values().forEach(concerned -> inBatches(step, concerned));
    }
  }

  private void inBatches(LadderStep<W> step, List<W> all) {
    List<W> inTime = all.stream().filter(work -> inTime(work, step)).toList();
    for (int start = 0; start < inTime.size(); start += step.batch()) {
      List<W> batch = inTime.subList(start, Math.min(inTime.size(), start + step.batch()));
      if (clock.stop().getAsBoolean()) {
        batch.forEach(OpenWork::interrupt);
      } else {
        answer(step, batch);
      }
    }
  }

  private boolean inTime(W work, LadderStep<W> step) {
    boolean inTime = step.rung() == Rung.PREDICT || !clock.spent(work);
    if (!inTime && work.open()) {
      String reason = "time is up; " + work.progress();
      work.end(new Outcome.Timeout(work.lastRung(), Optional.of(reason)));
    }
    return inTime;
  }

  private void answer(LadderStep<W> step, List<W> batch) {
    long start = clock.nanoTime().getAsLong();
    try {
      step.answer(batch);
      charge(step, batch, start);
    } catch (OutOfTime late) {
      if (clock.stop().getAsBoolean()) {
        batch.forEach(OpenWork::interrupt);
      }
      charge(step, batch, start);
      batch.stream()
          .filter(work -> work.open() && !work.interrupted())
          .forEach(work -> work.end(new Outcome.Timeout(step.rung())));
    } catch (RuntimeException failed) {
      charge(step, batch, start);
      if (batch.size() > 1) {
        batch.stream().filter(step::concerns).forEach(work -> answer(step, List.of(work)));
      } else if (batch.get(0).open()) {
        W work = batch.get(0);
        work.end(Outcome.Unknown.failed(step.rung(), reason(failed) + "; " + work.progress()));
      }
    }
  }

  private void charge(LadderStep<W> step, List<W> batch, long start) {
    long share = (clock.nanoTime().getAsLong() - start) / batch.size();
    for (W work : batch) {
      work.spend(share);
      work.tried(step.rung());
    }
  }

  private static String reason(RuntimeException failed) {
    return failed.getClass().getSimpleName() + ": " + FirstLine.of(failed);
  }
}
