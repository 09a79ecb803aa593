package dev.merlon.config.objective;

import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.value.Check;
import dev.merlon.config.value.KnownNorm;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import dev.merlon.config.value.Words;
import java.util.Optional;

/**
 * Losses between the adversarial and the interval loss (De Palma et al. 2024).
 *
 * @param norm the ball's norm; that of the schedule's radii
 * @param ibpShare {@code a} in {@code [0, 1]}: the share of the interval loss
 * @param attackRadius the radius that is searched, as a multiple of the step's radius
 */
public record ExpressiveObjective(
    ExpressiveForm form,
    String norm,
    double ibpShare,
    double attackRadius,
    AttackSettings attack,
    WeightSchedule robustWeight)
    implements ObjectiveSettings {
  /** Checks the values. */
  public ExpressiveObjective {
    KnownNorm.named("norm", norm);
    Check.within("ibp-share", ibpShare, 0, 1);
    Check.positive("attack-radius", attackRadius);
    Check.within("attack-radius", attackRadius, 0, 10);
  }

  @Override
  public String kind() {
    return Words.of(form);
  }

  @Override
  public Optional<String> attackedNorm() {
    return Optional.of(norm);
  }

  @Override
  public <T> T accept(ObjectiveVisitor<T> visitor) {
    return visitor.expressive(this);
  }

  @Override
  public void writeOwn(SettingsWriter writer) {
    writer.text("norm", norm);
    writer.decimal("ibp-share", ibpShare);
    writer.decimal("attack-radius", attackRadius);
    writer.section("attack", attack::write);
  }

  static ExpressiveObjective read(ExpressiveForm form, SettingsReader reader) {
    return new ExpressiveObjective(
        form,
        reader.text("norm"),
        reader.decimal("ibp-share"),
        reader.decimal("attack-radius"),
        reader.section("attack", AttackSettings::read),
        reader.section("robust-weight", WeightSchedule::read));
  }
}
