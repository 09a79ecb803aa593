package dev.merlon.config.objective;

import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.value.Check;
import dev.merlon.config.value.KnownNorm;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.util.Locale;

/**
 * A small region around an adversarial point (Mueller et al. 2023, "SABR"), the region of SABR,
 * STAPS and each norm of CURE.
 *
 * @param norm the ball's norm
 * @param subselectionRatio {@code lambda} in {@code (0, 1]}: the region's share of the radius
 * @param region what it is and where it lies; {@code paper} and {@code ball} fit balls that are no
 *     boxes
 * @param reluShrinkage what the upper bound of a rectifier whose bounds cross zero is multiplied
 *     by, in {@code (0, 1]}; 1 = nothing
 * @param bounds what bounds the loss over it; backward bounds know no shrinkage
 */
public record SmallBoxSettings(
    String norm,
    double subselectionRatio,
    RegionForm region,
    double reluShrinkage,
    RegionBounds bounds,
    AttackSettings attack) {
  /** Checks the values. */
  public SmallBoxSettings {
    Check.require(
        region.fitsEveryBall() || KnownNorm.named("norm", norm).ballIsBox(),
        "region",
        "is " + region.name().toLowerCase(Locale.ROOT) + ": must be paper or ball for " + norm);
    Check.positive("subselection-ratio", subselectionRatio);
    Check.within("subselection-ratio", subselectionRatio, 0, 1);
    Check.positive("relu-shrinkage", reluShrinkage);
    Check.within("relu-shrinkage", reluShrinkage, 0, 1);
    Check.require(
        bounds == RegionBounds.IBP || reluShrinkage == 1,
        "bounds",
        "is crown-ibp: must be ibp where relu-shrinkage is below 1");
  }

  /** Reads everything but the norm. */
  static SmallBoxSettings read(String norm, SettingsReader reader) {
    return new SmallBoxSettings(
        norm,
        reader.decimal("subselection-ratio"),
        reader.choice("region", RegionForm.class),
        reader.decimal("relu-shrinkage"),
        reader.choice("bounds", RegionBounds.class),
        reader.section("attack", AttackSettings::read));
  }

  /** Writes everything but the norm. */
  void write(SettingsWriter writer) {
    writer.decimal("subselection-ratio", subselectionRatio);
    writer.choice("region", region);
    writer.decimal("relu-shrinkage", reluShrinkage);
    writer.choice("bounds", bounds);
    writer.section("attack", attack::write);
  }
}
