package dev.merlon.config;

import dev.merlon.config.objective.WeightBasis;
import dev.merlon.config.objective.WeightSchedule;
import dev.merlon.config.training.LearningRateSettings;
import dev.merlon.config.training.ScheduleSettings;
import dev.merlon.config.value.Decimals;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a run's schedule becomes when the run has fewer epochs: every epoch in it by one factor. */
final class ShrunkSchedule {
  private static final double DIGITS = 100;

  private final RunSettings whole;
  private final int epochs;
  private final List<String> overrides = new ArrayList<>();

  private ShrunkSchedule(RunSettings whole, int epochs) {
    this.whole = whole;
    this.epochs = epochs;
  }

  /**
   * The overrides that shrink a schedule.
   *
   * @param whole the settings of the longer run
   * @param epochs of the shorter one, at least 1
   * @param chosen keys that stay as they are
   */
  static List<String> overrides(RunSettings whole, int epochs, Set<String> chosen) {
    var shrunk = new ShrunkSchedule(whole, epochs);
    shrunk.radius();
    shrunk.rate();
    shrunk.rest();
    return shrunk.overrides.stream()
        .filter(override -> !chosen.contains(override.substring(0, override.indexOf('='))))
        .toList();
  }

  private void radius() {
    ScheduleSettings schedule = whole.schedule();
    decimal("schedule.start-epoch", schedule.startEpoch());
    decimal("schedule.end-epoch", schedule.endEpoch());
    if (schedule.naturalEpochs() > 0) {
      int natural = (int) Math.min(shrunk(schedule.startEpoch()), shrunk(schedule.naturalEpochs()));
      set("schedule.natural-epochs", Integer.toString(natural));
    }
    WeightSchedule weight = whole.objective().robustWeight();
    if (weight.by() == WeightBasis.EPOCHS && weight.endEpoch() > 0) {
      decimal("objective.robust-weight.start-epoch", weight.startEpoch());
      decimal("objective.robust-weight.end-epoch", weight.endEpoch());
    }
  }

  // A decay after the last epoch has no effect.
  private void rate() {
    LearningRateSettings rate = whole.optimizer().learningRate();
    decimal("optimizer.warm-up-epochs", rate.warmUpEpochs());
    String decays =
        rate.decayEpochs().stream()
            .map(epoch -> Math.max(1, Math.round(shrunk(epoch))))
            .filter(epoch -> epoch < epochs)
            .distinct()
            .map(Object::toString)
            .collect(Collectors.joining(","));
    if (!decays.isEmpty()) {
      set("optimizer.decay-epochs", decays);
    }
  }

  private void rest() {
    int averaging = whole.averaging().fromEpoch();
    if (averaging > 0) {
      set("averaging.from-epoch", Long.toString(Math.max(1, Math.round(shrunk(averaging)))));
    }
    if (whole.selection().active()) {
      decimal("selection.from-epoch", whole.selection().fromEpoch());
    }
  }

  private void decimal(String key, double value) {
    if (value > 0) {
      set(key, Decimals.text(shrunk(value)));
    }
  }

  private void set(String key, String value) {
    overrides.add(key + "=" + value);
  }

  private double shrunk(double epoch) {
    return Math.round(epoch * epochs / whole.epochs() * DIGITS) / DIGITS;
  }
}
