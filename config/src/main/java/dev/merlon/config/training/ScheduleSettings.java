package dev.merlon.config.training;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.Decimals;
import dev.merlon.config.value.KnownNorm;
import dev.merlon.config.value.Radius;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import dev.merlon.config.value.ThreatSpec;

/**
 * The training radius over time: 0 until {@code startEpoch}, grows until {@code endEpoch}, constant
 * after.
 *
 * @param norm the norm of both radii
 * @param epsTrain final radius of training, in {@code [0,1]} pixel units
 * @param epsTest radius of evaluation during and after training
 * @param startEpoch epochs finished when the radius begins to grow; may be a fraction
 * @param endEpoch epochs finished when the radius is {@code epsTrain}; at least {@code startEpoch}
 * @param naturalEpochs first epochs trained on the natural loss alone; at most {@code startEpoch}
 */
public record ScheduleSettings(
    String norm,
    Radius epsTrain,
    Radius epsTest,
    RampKind ramp,
    double startEpoch,
    double endEpoch,
    int naturalEpochs) {

  /** Checks the values. */
  public ScheduleSettings {
    KnownNorm.named("norm", norm);
    ThreatSpec.requireRadius("eps-train", norm, epsTrain);
    ThreatSpec.requireRadius("eps-test", norm, epsTest);
    Check.atLeast("start-epoch", startEpoch, 0.0);
    Check.atLeast("end-epoch", endEpoch, startEpoch);
    Check.require(
        naturalEpochs >= 0 && naturalEpochs <= startEpoch,
        "natural-epochs",
        "is "
            + naturalEpochs
            + ": must lie between 0 and start-epoch, "
            + Decimals.text(startEpoch));
  }

  /** Reads a section of these settings. */
  public static ScheduleSettings read(SettingsReader reader) {
    return new ScheduleSettings(
        reader.text("norm"),
        reader.radius("eps-train"),
        reader.radius("eps-test"),
        reader.choice("ramp", RampKind.class),
        reader.decimal("start-epoch"),
        reader.decimal("end-epoch"),
        reader.integer("natural-epochs"));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    writer.text("norm", norm);
    writer.radius("eps-train", epsTrain);
    writer.radius("eps-test", epsTest);
    writer.choice("ramp", ramp);
    writer.decimal("start-epoch", startEpoch);
    writer.decimal("end-epoch", endEpoch);
    writer.whole("natural-epochs", naturalEpochs);
  }
}
