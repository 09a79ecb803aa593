package dev.merlon.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a training step minimises: {@code (1-w) natural + w robust}, {@code w} by a schedule. */
public sealed interface ObjectiveSettings {

  /** The word that selects this objective. */
  String kind();

  /** The norm of the ball that an attack searches, where there is an attack. */
  default Optional<String> attackedNorm() {
    return Optional.empty();
  }

  /** The weight of the robust loss. */
  WeightSchedule robustWeight();

  /** Cross-entropy on clean inputs. */
  record Natural() implements ObjectiveSettings {
    @Override
    public String kind() {
      return "natural";
    }

    @Override
    public WeightSchedule robustWeight() {
      return WeightSchedule.constant(0);
    }
  }

  /**
   * Cross-entropy on inputs found by an attack (Madry et al. 2018).
   *
   * @param norm the ball's norm; that of the schedule's radii
   */
  record Pgd(String norm, AttackSettings attack, WeightSchedule robustWeight)
      implements ObjectiveSettings {
    public Pgd {
      KnownNorm.named("norm", norm);
    }

    @Override
    public String kind() {
      return "pgd";
    }

    @Override
    public Optional<String> attackedNorm() {
      return Optional.of(norm);
    }
  }

  /** Margin bounds of the whole ball's box (Gowal et al. 2018; last layer elided). */
  record Ibp(WeightSchedule robustWeight) implements ObjectiveSettings {
    @Override
    public String kind() {
      return "ibp";
    }
  }

  /**
   * Margin bounds of a small box around an adversarial point (Mueller et al. 2023).
   *
   * @param norm the ball's norm; that of the schedule's radii
   * @param subselectionRatio {@code lambda} in {@code (0, 1]}: the small box's share of the radius
   * @param region where the small box lies; only the paper's form fits a ball that is no box
   * @param reluShrinkage what the upper bound of a rectifier whose bounds cross zero is multiplied
   *     by, in {@code (0, 1]}; 1 = nothing
   */
  record Sabr(
      String norm,
      double subselectionRatio,
      RegionForm region,
      double reluShrinkage,
      AttackSettings attack,
      WeightSchedule robustWeight)
      implements ObjectiveSettings {
    public Sabr {
      Check.require(
          region == RegionForm.PAPER || KnownNorm.named("norm", norm).ballIsBox(),
          "region",
          "is " + region.name().toLowerCase(Locale.ROOT) + ": must be paper for " + norm);
      Check.positive("subselection-ratio", subselectionRatio);
      Check.within("subselection-ratio", subselectionRatio, 0, 1);
      Check.positive("relu-shrinkage", reluShrinkage);
      Check.within("relu-shrinkage", reluShrinkage, 0, 1);
    }

    @Override
    public String kind() {
      return "sabr";
    }

    @Override
    public Optional<String> attackedNorm() {
      return Optional.of(norm);
    }
  }

  /** The words {@link #kind()} can be. */
  List<String> KINDS = List.of("natural", "pgd", "ibp", "sabr");

  static ObjectiveSettings read(SettingsReader reader) {
    String kind = reader.text("kind");
    Check.oneOf("kind", kind, KINDS);
    return switch (kind) {
      case "natural" -> new Natural();
      case "pgd" -> new Pgd(reader.text("norm"), attack(reader), weight(reader));
      case "ibp" -> new Ibp(weight(reader));
      default ->
          new Sabr(
              reader.text("norm"),
              reader.decimal("subselection-ratio"),
              reader.choice("region", RegionForm.class),
              reader.decimal("relu-shrinkage"),
              attack(reader),
              weight(reader));
    };
  }

  /** Writes the keys that matter for this objective. */
  default void write(SettingsWriter writer) {
    writer.text("kind", kind());
    if (this instanceof Pgd pgd) {
      writer.text("norm", pgd.norm);
      writer.section("attack", pgd.attack::write);
    } else if (this instanceof Sabr sabr) {
      writer.text("norm", sabr.norm);
      writer.decimal("subselection-ratio", sabr.subselectionRatio);
      writer.choice("region", sabr.region);
      writer.decimal("relu-shrinkage", sabr.reluShrinkage);
      writer.section("attack", sabr.attack::write);
    }
    if (!(this instanceof Natural)) {
      writer.section("robust-weight", robustWeight()::write);
    }
  }

  private static AttackSettings attack(SettingsReader reader) {
    return reader.section("attack", AttackSettings::read);
  }

  private static WeightSchedule weight(SettingsReader reader) {
    return reader.section("robust-weight", WeightSchedule::read);
  }
}
