package dev.merlon.config.objective;

import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/** Margins by backward passes for every layer ("linear relaxation training"). */
public record CrownObjective(WeightSchedule robustWeight) implements ObjectiveSettings {
  @Override
  public String kind() {
    return ObjectiveKind.CROWN.word();
  }

  @Override
  public <T> T accept(ObjectiveVisitor<T> visitor) {
    return visitor.crown(this);
  }

  @Override
  public void writeOwn(SettingsWriter writer) {}

  static CrownObjective read(SettingsReader reader) {
    return new CrownObjective(reader.section("robust-weight", WeightSchedule::read));
  }
}
