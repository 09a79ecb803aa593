package dev.merlon.config.objective;

import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/** Cross-entropy on clean inputs. */
public record NaturalObjective() implements ObjectiveSettings {
  @Override
  public String kind() {
    return ObjectiveKind.NATURAL.word();
  }

  @Override
  public WeightSchedule robustWeight() {
    return WeightSchedule.constant(0);
  }

  @Override
  public <T> T accept(ObjectiveVisitor<T> visitor) {
    return visitor.natural(this);
  }

  @Override
  public void writeOwn(SettingsWriter writer) {}

  static NaturalObjective read(SettingsReader reader) {
    return new NaturalObjective();
  }
}
