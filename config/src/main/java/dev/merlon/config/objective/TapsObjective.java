package dev.merlon.config.objective;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.util.Optional;

/**
 * Interval bounds up to a split, adversarial search in the latent box behind it (Mao et al. 2023):
 * TAPS over the whole ball, STAPS over SABR's small box.
 *
 * @param taps the split, the latent search and how its loss is combined with the interval loss
 * @param box the small box of STAPS; empty for TAPS
 */
public record TapsObjective(
    TapsSettings taps, Optional<SmallBoxSettings> box, WeightSchedule robustWeight)
    implements ObjectiveSettings {
  /** Checks the values. */
  public TapsObjective {
    Check.require(
        box.stream().allMatch(small -> small.bounds() == RegionBounds.IBP),
        "bounds",
        "is crown-ibp: must be ibp for staps, whose latent box is one of intervals");
  }

  @Override
  public String kind() {
    return (box.isPresent() ? ObjectiveKind.STAPS : ObjectiveKind.TAPS).word();
  }

  @Override
  public Optional<String> attackedNorm() {
    return box.map(SmallBoxSettings::norm);
  }

  @Override
  public Optional<TapsSettings> latent() {
    return Optional.of(taps);
  }

  @Override
  public <T> T accept(ObjectiveVisitor<T> visitor) {
    return visitor.taps(this);
  }

  @Override
  public void writeOwn(SettingsWriter writer) {
    box.ifPresent(
        small -> {
          writer.text("norm", small.norm());
          small.write(writer);
        });
    writer.section("taps", taps::write);
  }

  static TapsObjective readTaps(SettingsReader reader) {
    return read(Optional.empty(), reader);
  }

  static TapsObjective readStaps(SettingsReader reader) {
    return read(Optional.of(SmallBoxSettings.read(reader.text("norm"), reader)), reader);
  }

  private static TapsObjective read(Optional<SmallBoxSettings> box, SettingsReader reader) {
    return new TapsObjective(
        reader.section("taps", TapsSettings::read),
        box,
        reader.section("robust-weight", WeightSchedule::read));
  }
}
