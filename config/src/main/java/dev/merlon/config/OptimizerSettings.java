package dev.merlon.config;

import java.util.List;

/**
 * Adam (Kingma and Ba 2015) with a stepwise learning rate.
 *
 * @param beta1 decay of the first moment, in {@code [0, 1)}
 * @param beta2 decay of the second moment, in {@code [0, 1)}
 * @param epsilon added to the square root of the corrected second moment
 * @param decayEpochs after each of these epochs (counted from 1) the rate is multiplied by {@code
 *     decayFactor}; ascending
 * @param gradientClip largest l2 norm of the whole gradient; 0 = no clipping
 * @param l1 weight of the sum of absolute weights of convolutions and linear layers
 */
public record OptimizerSettings(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    List<Integer> decayEpochs,
    double decayFactor,
    double gradientClip,
    double l1) {

  public OptimizerSettings {
    decayEpochs = List.copyOf(decayEpochs);
    Check.positive("learning-rate", learningRate);
    Check.within("learning-rate", learningRate, 0, 10);
    Check.within("beta1", beta1, 0, Math.nextDown(1.0));
    Check.within("beta2", beta2, 0, Math.nextDown(1.0));
    Check.positive("epsilon", epsilon);
    int previous = 0;
    for (int epoch : decayEpochs) {
      Check.require(
          epoch > previous, "decay-epochs", "is " + decayEpochs + ": must ascend from 1 on");
      previous = epoch;
    }
    Check.positive("decay-factor", decayFactor);
    Check.within("decay-factor", decayFactor, 0, 1);
    Check.atLeast("gradient-clip", gradientClip, 0.0);
    Check.atLeast("l1", l1, 0.0);
  }

  /** The learning rate of epoch {@code epoch} (from 0). */
  public double learningRateAt(int epoch) {
    long decays = decayEpochs.stream().filter(after -> after <= epoch).count();
    return learningRate * Math.pow(decayFactor, (double) decays);
  }

  static OptimizerSettings read(SettingsReader reader) {
    return new OptimizerSettings(
        reader.decimal("learning-rate"),
        reader.decimal("beta1"),
        reader.decimal("beta2"),
        reader.decimal("epsilon"),
        reader.integers("decay-epochs"),
        reader.decimal("decay-factor"),
        reader.decimal("gradient-clip"),
        reader.decimal("l1"));
  }

  void write(SettingsWriter writer) {
    writer.decimal("learning-rate", learningRate);
    writer.decimal("beta1", beta1);
    writer.decimal("beta2", beta2);
    writer.decimal("epsilon", epsilon);
    writer.numbers("decay-epochs", decayEpochs);
    writer.decimal("decay-factor", decayFactor);
    writer.decimal("gradient-clip", gradientClip);
    writer.decimal("l1", l1);
  }
}
