package dev.merlon.config.objective;

import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/** Margin bounds of the whole ball's box (Gowal et al. 2018; last layer elided). */
public record IbpObjective(WeightSchedule robustWeight) implements ObjectiveSettings {
  @Override
  public String kind() {
    return ObjectiveKind.IBP.word();
  }

  @Override
  public <T> T accept(ObjectiveVisitor<T> visitor) {
    return visitor.ibp(this);
  }

  @Override
  public void writeOwn(SettingsWriter writer) {}

  static IbpObjective read(SettingsReader reader) {
    return new IbpObjective(reader.section("robust-weight", WeightSchedule::read));
  }
}
