package dev.merlon.config.objective;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * The weight {@code w} of {@code (1-w) natural + w robust}: linear from {@code start} at {@code
 * startEpoch} to {@code end} at {@code endEpoch}, constant before and after (Gowal et al. 2018), or
 * linear in the radius from {@code start} at 0 to {@code end} at its final value (Zhang et al.
 * 2020, whose {@code kappa} is {@code 1-w}).
 *
 * @param start weight in {@code [0, 1]}
 * @param end weight in {@code [0, 1]}
 * @param startEpoch epochs finished when the change begins; may be a fraction
 * @param endEpoch epochs finished when the change ends; at least {@code startEpoch}
 * @param by what the weight follows; the epochs above count only where it is epochs
 */
public record WeightSchedule(
    double start, double end, double startEpoch, double endEpoch, WeightBasis by) {

  /** Checks the values. */
  public WeightSchedule {
    Check.within("start", start, 0, 1);
    Check.within("end", end, 0, 1);
    Check.atLeast("start-epoch", startEpoch, 0.0);
    Check.atLeast("end-epoch", endEpoch, startEpoch);
  }

  /** A weight that follows epochs. */
  public WeightSchedule(double start, double end, double startEpoch, double endEpoch) {
    this(start, end, startEpoch, endEpoch, WeightBasis.EPOCHS);
  }

  /** A weight that follows the radius. */
  public static WeightSchedule byRadius(double start, double end) {
    return new WeightSchedule(start, end, 0, 0, WeightBasis.RADIUS);
  }

  /** The same weight in every epoch. */
  public static WeightSchedule constant(double weight) {
    return new WeightSchedule(weight, weight, 0, 0);
  }

  /**
   * The weight of a step.
   *
   * @param epochs finished, a fraction inside an epoch
   * @param grown the step's radius as a share of the final one
   */
  public double at(double epochs, double grown) {
    return switch (by) {
      case EPOCHS -> atEpoch(epochs);
      case RADIUS -> start + (end - start) * grown;
    };
  }

  private double atEpoch(double epochs) {
    if (epochs >= endEpoch) {
      return end;
    }
    double done = Math.max(0, epochs - startEpoch) / (endEpoch - startEpoch);
    return start + (end - start) * done;
  }

  static WeightSchedule read(SettingsReader reader) {
    return new WeightSchedule(
        reader.decimal("start"),
        reader.decimal("end"),
        reader.decimal("start-epoch"),
        reader.decimal("end-epoch"),
        reader.choice("by", WeightBasis.class));
  }

  void write(SettingsWriter writer) {
    writer.decimal("start", start);
    writer.decimal("end", end);
    writer.decimal("start-epoch", startEpoch);
    writer.decimal("end-epoch", endEpoch);
    writer.choice("by", by);
  }
}
