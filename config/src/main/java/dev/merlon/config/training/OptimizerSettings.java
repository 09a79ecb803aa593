package dev.merlon.config.training;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * Adam (Kingma and Ba 2015) and what becomes of gradients before it.
 *
 * @param learningRate over time
 * @param beta1 decay of the first moment, in {@code [0, 1)}
 * @param beta2 decay of the second moment, in {@code [0, 1)}
 * @param epsilon added to the square root of the corrected second moment
 * @param gradientClip largest l2 norm of the whole gradient; 0 = no clipping
 * @param l1 weight of the sum of absolute weights of convolutions and linear layers
 * @param accumulate micro-batches that a full batch is cut into; each has its own batch statistics,
 *     and their gradients make one step; at least 1
 */
public record OptimizerSettings(
    LearningRateSettings learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double gradientClip,
    double l1,
    int accumulate) {

  /** Checks the values. */
  public OptimizerSettings {
    Check.within("beta1", beta1, 0, Math.nextDown(1.0));
    Check.within("beta2", beta2, 0, Math.nextDown(1.0));
    Check.positive("epsilon", epsilon);
    Check.atLeast("gradient-clip", gradientClip, 0.0);
    Check.atLeast("l1", l1, 0.0);
    Check.within("accumulate", accumulate, 1, 1_000_000);
  }

  /** Reads a section of these settings. */
  public static OptimizerSettings read(SettingsReader reader) {
    return new OptimizerSettings(
        LearningRateSettings.read(reader),
        reader.decimal("beta1"),
        reader.decimal("beta2"),
        reader.decimal("epsilon"),
        reader.decimal("gradient-clip"),
        reader.decimal("l1"),
        reader.integer("accumulate"));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    learningRate.write(writer);
    writer.decimal("beta1", beta1);
    writer.decimal("beta2", beta2);
    writer.decimal("epsilon", epsilon);
    writer.decimal("gradient-clip", gradientClip);
    writer.decimal("l1", l1);
    writer.whole("accumulate", accumulate);
  }
}
