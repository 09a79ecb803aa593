package dev.merlon.config.attack;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.util.List;

/**
 * How an attack's step shrinks: multiplied by {@code factor} after every {@code every} updates and
 * once more at each fraction of all updates in {@code at}. CTBench below 20 steps: factor 0.2,
 * every 10. SABR: factor 0.1, at 0.5, 0.8, 0.9.
 *
 * @param factor in {@code (0, 1]}
 * @param every updates between two decays; 0 = never
 * @param at fractions of the number of updates, in {@code (0, 1]}, rounded up to whole updates
 */
public record StepDecay(double factor, int every, List<Double> at) {

  /** Copies the list and checks the values. */
  public StepDecay {
    at = List.copyOf(at);
    Check.positive("factor", factor);
    Check.within("factor", factor, 0, 1);
    Check.atLeast("every", every, 0);
    for (double fraction : at) {
      Check.positive("at", fraction);
      Check.within("at", fraction, 0, 1);
    }
  }

  /** No decay. */
  public static StepDecay none() {
    return new StepDecay(1, 0, List.of());
  }

  /** The multiplier of update {@code update} (from 0) of {@code updates}. */
  public double scale(int update, int updates) {
    long decays = every == 0 ? 0 : update / every;
    decays += at.stream().filter(fraction -> Math.ceil(fraction * updates) <= update).count();
    return Math.pow(factor, (double) decays);
  }

  static StepDecay read(SettingsReader reader) {
    return new StepDecay(reader.decimal("factor"), reader.integer("every"), reader.decimals("at"));
  }

  void write(SettingsWriter writer) {
    writer.decimal("factor", factor);
    writer.whole("every", every);
    writer.numbers("at", at);
  }
}
