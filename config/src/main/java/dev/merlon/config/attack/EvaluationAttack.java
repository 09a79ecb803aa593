package dev.merlon.config.attack;

import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.util.Locale;

/**
 * The search behind an adversarial accuracy.
 *
 * @param method what is searched with
 * @param settings its strength; APGD reads of it only the numbers of steps and restarts, since it
 *     finds step sizes itself
 */
public record EvaluationAttack(AttackMethod method, AttackSettings settings) {
  /** Projected gradient ascent. */
  public static EvaluationAttack pgd(AttackSettings settings) {
    return new EvaluationAttack(AttackMethod.PGD, settings);
  }

  /** Reads a section of these settings. */
  public static EvaluationAttack read(SettingsReader reader) {
    return new EvaluationAttack(
        reader.choice("method", AttackMethod.class), AttackSettings.read(reader));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    writer.choice("method", method);
    settings.write(writer);
  }

  /** Everything that the search depends on, as results files note it. */
  @Override
  public String toString() {
    return switch (method) {
      case PGD -> settings.toString();
      case APGD, APGD_TARGETED ->
          String.format(
              Locale.ROOT,
              "%s[steps=%d, restarts=%d]",
              method.word(),
              settings.steps(),
              settings.restarts());
    };
  }
}
