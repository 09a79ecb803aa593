package dev.merlon.model.checkpoint;

import dev.merlon.config.RunSettings;
import dev.merlon.config.SettingChange;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.training.LearningRateKind;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Whether a run may go on with other settings: if it would have come to the same state, to the bit,
 * had it had them from its beginning. Then what follows equals a run that was begun with them.
 *
 * @param begun the settings it was begun with
 * @param now those it is to go on with
 * @param done how far it has come
 * @param stepsPerEpoch at least 1; equal for both
 */
record Continuation(RunSettings begun, RunSettings now, RunCursor done, int stepsPerEpoch) {
  private static final int NAMED = 5;

  /** What no step and no model at the end of an epoch depends on. */
  private static final Set<String> OUTSIDE =
      Set.of(
          "name",
          "pipeline.prefetch",
          "pipeline.ask-timeout",
          "device.threads",
          "objective.projection.branches",
          "selection.final");

  /** What steps depend on through their phases alone. */
  private static final Set<String> PHASES =
      Set.of(
          "epochs",
          "schedule.start-epoch",
          "schedule.end-epoch",
          "schedule.natural-epochs",
          "schedule.ramp",
          "optimizer.learning-rate",
          "optimizer.learning-rate-schedule",
          "optimizer.warm-up-epochs",
          "optimizer.decay-epochs",
          "optimizer.decay-factor",
          "optimizer.final-learning-rate",
          "objective.robust-weight.start",
          "objective.robust-weight.end",
          "objective.robust-weight.start-epoch",
          "objective.robust-weight.end-epoch",
          "objective.robust-weight.by");

  /**
   * Refuses what would change the past.
   *
   * @return the settings that differ
   * @throws MerlonException (configuration) that names the keys
   */
  List<SettingChange> requirePossible() {
    List<SettingChange> changes = begun.changesTo(now);
    List<SettingChange> others = changes.stream().filter(change -> !mayDiffer(change)).toList();
    if (!others.isEmpty()) {
      throw refused("The run was begun with other settings: " + named(others));
    }
    requireEpochsLeft();
    requireEqualPhases(changes);
    requireEqualEpochs();
    return changes;
  }

  private boolean mayDiffer(SettingChange change) {
    String key = change.key();
    boolean judging = key.startsWith("evaluation.") || isTestImages(key);
    boolean comparing = key.startsWith("selection.") || judging;
    return OUTSIDE.contains(key)
        || PHASES.contains(key)
        || key.startsWith("checkpoint.")
        || key.equals("averaging.from-epoch")
        || key.equals("selection.from-epoch")
        || key.equals("selection.patience")
        || (comparing && !hasCompared());
  }

  private static boolean isTestImages(String key) {
    return key.equals("data.test-limit") || key.equals("schedule.eps-test");
  }

  private boolean hasCompared() {
    return epochs().anyMatch(epoch -> compares(begun, epoch) || compares(now, epoch));
  }

  private void requireEpochsLeft() {
    int needed = done.step() == 0 ? done.epoch() : done.epoch() + 1;
    if (now.epochs() < needed) {
      throw refused("epochs is " + now.epochs() + ", but the run is already in epoch " + needed);
    }
  }

  private void requireEqualPhases(List<SettingChange> changes) {
    Schedules then = Schedules.of(begun, stepsPerEpoch);
    Schedules other = Schedules.of(now, stepsPerEpoch);
    LongStream.range(0, done.globalStep())
        .filter(step -> !then.phase(step).equals(other.phase(step)))
        .findFirst()
        .ifPresent(
            step -> {
              List<SettingChange> causes =
                  changes.stream().filter(change -> PHASES.contains(change.key())).toList();
              throw refused(
                  named(causes)
                      + cosine()
                      + ": that changes steps that are done, "
                      + difference(then.phase(step), other.phase(step)));
            });
  }

  private String cosine() {
    return now.optimizer().learningRate().kind() == LearningRateKind.COSINE
        ? " (optimizer.learning-rate-schedule is cosine, over all epochs)"
        : "";
  }

  private static String difference(Phase then, Phase now) {
    String step = " of step " + (then.globalStep() + 1) + " from ";
    if (then.learningRate() != now.learningRate()) {
      return "the learning rate" + step + change(then.learningRate(), now.learningRate());
    }
    if (then.eps() != now.eps()) {
      return "the radius" + step + change(then.eps(), now.eps());
    }
    if (then.robustWeight() != now.robustWeight()) {
      return "the robust weight" + step + change(then.robustWeight(), now.robustWeight());
    }
    return "step " + (then.globalStep() + 1) + " among them";
  }

  private static String change(double then, double now) {
    return then + " to " + now;
  }

  // Epochs that are done belong to the average, and their models are compared, or not.
  private void requireEqualEpochs() {
    requireEqual(
        "averaging.from-epoch",
        epoch -> begun.averaging().covers(epoch) != now.averaging().covers(epoch));
    requireEqual("selection.from-epoch", epoch -> compares(begun, epoch) != compares(now, epoch));
    int patience = now.selection().patience();
    int before = begun.selection().patience();
    if (hasCompared() && patience > 0 && (before == 0 || patience < before)) {
      throw refused(
          "selection.patience was "
              + before
              + ", is now "
              + patience
              + ": the run might have ended before epoch "
              + done.epoch());
    }
  }

  private void requireEqual(String key, Predicate<Integer> differs) {
    epochs()
        .filter(differs::test)
        .findFirst()
        .ifPresent(
            epoch -> {
              throw refused(key + " differs, which changes epoch " + epoch + ", which is done");
            });
  }

  private static boolean compares(RunSettings settings, int epoch) {
    return settings.selection().compares(epoch);
  }

  private IntStream epochs() {
    return IntStream.rangeClosed(1, done.epoch());
  }

  private static String named(List<SettingChange> changes) {
    String first =
        changes.stream()
            .limit(NAMED)
            .map(SettingChange::toString)
            .collect(Collectors.joining("; "));
    int more = changes.size() - NAMED;
    return more > 0 ? first + "; and " + more + " more" : first;
  }

  private static MerlonException refused(String problem) {
    return MerlonException.configuration(
        problem, "Resume with the settings of its run.conf, or train into another directory.");
  }
}
