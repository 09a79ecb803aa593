package dev.merlon.config.training;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.util.List;

/**
 * The learning rate over time.
 *
 * @param first rate after the warm-up
 * @param warmUpEpochs epochs over which the rate grows linearly to {@code first}; may be a fraction
 * @param decayEpochs {@code step}: after each of these epochs (counted from 1) the rate is
 *     multiplied by {@code decayFactor}; ascending
 * @param decayFactor {@code step}: in {@code (0, 1]}
 * @param last {@code cosine}: rate at the end of the run; at most {@code first}
 */
public record LearningRateSettings(
    double first,
    LearningRateKind kind,
    double warmUpEpochs,
    List<Integer> decayEpochs,
    double decayFactor,
    double last) {

  /** Copies the list and checks the values. */
  public LearningRateSettings {
    decayEpochs = List.copyOf(decayEpochs);
    Check.positive("learning-rate", first);
    Check.within("learning-rate", first, 0, 10);
    Check.atLeast("warm-up-epochs", warmUpEpochs, 0.0);
    int previous = 0;
    for (int epoch : decayEpochs) {
      Check.require(
          epoch > previous, "decay-epochs", "is " + decayEpochs + ": must ascend from 1 on");
      previous = epoch;
    }
    Check.positive("decay-factor", decayFactor);
    Check.within("decay-factor", decayFactor, 0, 1);
    Check.within("final-learning-rate", last, 0, first);
  }

  /** A rate that is multiplied by a factor after certain epochs, without warm-up. */
  public static LearningRateSettings steps(double first, List<Integer> epochs, double factor) {
    return new LearningRateSettings(first, LearningRateKind.STEP, 0, epochs, factor, 0);
  }

  static LearningRateSettings read(SettingsReader reader) {
    double first = reader.decimal("learning-rate");
    LearningRateKind kind = reader.choice("learning-rate-schedule", LearningRateKind.class);
    double warmUp = reader.decimal("warm-up-epochs");
    return switch (kind) {
      case STEP ->
          new LearningRateSettings(
              first,
              kind,
              warmUp,
              reader.integers("decay-epochs"),
              reader.decimal("decay-factor"),
              0);
      case COSINE ->
          new LearningRateSettings(
              first, kind, warmUp, List.of(), 1, reader.decimal("final-learning-rate"));
    };
  }

  void write(SettingsWriter writer) {
    writer.decimal("learning-rate", first);
    writer.choice("learning-rate-schedule", kind);
    writer.decimal("warm-up-epochs", warmUpEpochs);
    switch (kind) {
      case STEP -> {
        writer.numbers("decay-epochs", decayEpochs);
        writer.decimal("decay-factor", decayFactor);
      }
      case COSINE -> writer.decimal("final-learning-rate", last);
    }
  }
}
