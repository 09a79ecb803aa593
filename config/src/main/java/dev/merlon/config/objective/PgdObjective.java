package dev.merlon.config.objective;

import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.value.KnownNorm;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.util.Optional;

/**
 * Cross-entropy on inputs found by an attack (Madry et al. 2018).
 *
 * @param norm the ball's norm; that of the schedule's radii
 */
public record PgdObjective(String norm, AttackSettings attack, WeightSchedule robustWeight)
    implements ObjectiveSettings {
  /** Checks the values. */
  public PgdObjective {
    KnownNorm.named("norm", norm);
  }

  @Override
  public String kind() {
    return ObjectiveKind.PGD.word();
  }

  @Override
  public Optional<String> attackedNorm() {
    return Optional.of(norm);
  }

  @Override
  public <T> T accept(ObjectiveVisitor<T> visitor) {
    return visitor.pgd(this);
  }

  @Override
  public void writeOwn(SettingsWriter writer) {
    writer.text("norm", norm);
    writer.section("attack", attack::write);
  }

  static PgdObjective read(SettingsReader reader) {
    return new PgdObjective(
        reader.text("norm"),
        reader.section("attack", AttackSettings::read),
        reader.section("robust-weight", WeightSchedule::read));
  }
}
