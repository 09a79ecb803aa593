package dev.merlon.config;

/**
 * The weight {@code w} of {@code (1-w) natural + w robust}: linear from {@code start} at {@code
 * startEpoch} to {@code end} at {@code endEpoch}, constant before and after (Gowal et al. 2018).
 *
 * @param start weight in {@code [0, 1]}
 * @param end weight in {@code [0, 1]}
 * @param startEpoch epochs finished when the change begins; may be a fraction
 * @param endEpoch epochs finished when the change ends; at least {@code startEpoch}
 */
public record WeightSchedule(double start, double end, double startEpoch, double endEpoch) {

  public WeightSchedule {
    Check.within("start", start, 0, 1);
    Check.within("end", end, 0, 1);
    Check.atLeast("start-epoch", startEpoch, 0.0);
    Check.atLeast("end-epoch", endEpoch, startEpoch);
  }

  /** The same weight in every epoch. */
  public static WeightSchedule constant(double weight) {
    return new WeightSchedule(weight, weight, 0, 0);
  }

  /** The weight after {@code epochs} epochs, a fraction inside an epoch. */
  public double at(double epochs) {
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
        reader.decimal("end-epoch"));
  }

  void write(SettingsWriter writer) {
    writer.decimal("start", start);
    writer.decimal("end", end);
    writer.decimal("start-epoch", startEpoch);
    writer.decimal("end-epoch", endEpoch);
  }
}
