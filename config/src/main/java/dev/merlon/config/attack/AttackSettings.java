package dev.merlon.config.attack;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * Projected gradient descent.
 *
 * @param steps gradient steps of each restart; at least 1
 * @param restarts independent random starts; at least 1
 * @param stepSize first step, relative to the half width of the clipped ball where the ball is a
 *     box, else to the radius
 * @param decay how the step shrinks
 * @param statistics batch-norm statistics seen in training; evaluation always uses the running ones
 * @param clampStart whether the random start is clamped into the clipped ball before the first
 *     gradient (CTBench does, the SABR code does not)
 */
public record AttackSettings(
    int steps,
    int restarts,
    double stepSize,
    StepDecay decay,
    AttackStatistics statistics,
    boolean clampStart) {

  /** Checks the values. */
  public AttackSettings {
    Check.within("steps", steps, 1, 100_000);
    Check.within("restarts", restarts, 1, 100_000);
    Check.positive("step-size", stepSize);
    Check.within("step-size", stepSize, 0, 2);
  }

  /** The step of update {@code update} (from 0), relative as {@link #stepSize}. */
  public double stepSizeAt(int update) {
    return stepSize * decay.scale(update, steps);
  }

  /** The same from one start. */
  public AttackSettings once() {
    return new AttackSettings(steps, 1, stepSize, decay, statistics, clampStart);
  }

  /** Reads a section of these settings. */
  public static AttackSettings read(SettingsReader reader) {
    return new AttackSettings(
        reader.integer("steps"),
        reader.integer("restarts"),
        reader.decimal("step-size"),
        reader.section("decay", StepDecay::read),
        reader.choice("batch-norm", AttackStatistics.class),
        reader.flag("clamp-start"));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    writer.whole("steps", steps);
    writer.whole("restarts", restarts);
    writer.decimal("step-size", stepSize);
    writer.section("decay", decay::write);
    writer.choice("batch-norm", statistics);
    writer.flag("clamp-start", clampStart);
  }
}
