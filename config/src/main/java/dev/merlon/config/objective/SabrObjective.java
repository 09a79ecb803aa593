package dev.merlon.config.objective;

import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.util.Optional;

/**
 * Margin bounds of a small box around an adversarial point (Mueller et al. 2023).
 *
 * @param box where it lies; its norm is that of the schedule's radii
 */
public record SabrObjective(SmallBoxSettings box, WeightSchedule robustWeight)
    implements ObjectiveSettings {
  @Override
  public String kind() {
    return ObjectiveKind.SABR.word();
  }

  @Override
  public Optional<String> attackedNorm() {
    return Optional.of(box.norm());
  }

  @Override
  public <T> T accept(ObjectiveVisitor<T> visitor) {
    return visitor.sabr(this);
  }

  @Override
  public void writeOwn(SettingsWriter writer) {
    writer.text("norm", box.norm());
    box.write(writer);
  }

  static SabrObjective read(SettingsReader reader) {
    return new SabrObjective(
        SmallBoxSettings.read(reader.text("norm"), reader),
        reader.section("robust-weight", WeightSchedule::read));
  }
}
