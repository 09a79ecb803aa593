package dev.merlon.config.objective;

import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * The latent part of TAPS (Mao et al. 2023).
 *
 * @param relus rectifiers behind the split; at least 1
 * @param estimator one latent point per other class, or one in all
 * @param combination how the latent loss and the interval loss become one
 * @param weight {@code w_TAPS}: how much more the latent loss's gradient counts than the interval
 *     loss's, in the product; 0 or more, with the paper's scale also infinity
 * @param scale how large the product's gradient is altogether
 * @param connector how gradients pass from latent points to the latent box
 * @param connectorConstant {@code c} of the rectified linear connector, in {@code (0, 1]}: the
 *     share of the box within which an end takes part; 1 is the linear connector
 * @param reluShrinkage what the upper bound of a rectifier whose bounds cross zero is multiplied by
 *     in interval bounds, in {@code (0, 1]}; 1 = nothing
 * @param attack the latent search; its steps are relative to the full width of the box
 */
public record TapsSettings(
    int relus,
    Estimator estimator,
    LossCombination combination,
    double weight,
    GradientScale scale,
    Connector connector,
    double connectorConstant,
    double reluShrinkage,
    AttackSettings attack) {

  /** Checks the values. */
  public TapsSettings {
    Check.within("relus", relus, 1, 1000);
    Check.require(weight >= 0, "weight", "is " + weight + ": must be at least 0");
    Check.require(
        Double.isFinite(weight) || scale == GradientScale.PAPER,
        "weight",
        "is infinity: must be a number where gradient-scale is ctbench");
    Check.positive("connector-constant", connectorConstant);
    Check.within("connector-constant", connectorConstant, 0, 1);
    Check.positive("relu-shrinkage", reluShrinkage);
    Check.within("relu-shrinkage", reluShrinkage, 0, 1);
  }

  /** How many latent points a sample has. */
  public enum Estimator {
    /** One per other class, each for its own margin. */
    MULTI,
    /** One, for the cross-entropy. */
    SINGLE;

    /** Points of a sample. */
    public int points(int classes) {
      return switch (this) {
        case MULTI -> classes - 1;
        case SINGLE -> 1;
      };
    }
  }

  /** How the latent and the interval loss become one. */
  public enum LossCombination {
    /** The product of the batch means. */
    PRODUCT,
    /** The mean of the products of each sample (appendix A). */
    PRODUCT_PER_SAMPLE,
    /** The latent loss alone. */
    LATENT
  }

  /** The size of the product's gradient; both give the same direction. */
  public enum GradientScale {
    /** {@code 2a I dT + (2-2a) T dI} with {@code w = a/(1-a)}. */
    PAPER,
    /** {@code w I dT + T dI}. */
    CTBENCH
  }

  /** How the gradient of a latent point is shared between the two ends of its box. */
  public enum Connector {
    /** All of it to the end that the point is at, none in between. */
    BINARY,
    /** Linearly by the distances. */
    LINEAR,
    /** Linearly near an end, none further away (section 3.3). */
    RECTIFIED_LINEAR
  }

  static TapsSettings read(SettingsReader reader) {
    return new TapsSettings(
        reader.integer("relus"),
        reader.choice("estimator", Estimator.class),
        reader.choice("combination", LossCombination.class),
        reader.decimalOrInfinity("weight"),
        reader.choice("gradient-scale", GradientScale.class),
        reader.choice("connector", Connector.class),
        reader.decimal("connector-constant"),
        reader.decimal("relu-shrinkage"),
        reader.section("attack", AttackSettings::read));
  }

  void write(SettingsWriter writer) {
    writer.whole("relus", relus);
    writer.choice("estimator", estimator);
    writer.choice("combination", combination);
    writer.decimal("weight", weight);
    writer.choice("gradient-scale", scale);
    writer.choice("connector", connector);
    writer.decimal("connector-constant", connectorConstant);
    writer.decimal("relu-shrinkage", reluShrinkage);
    writer.section("attack", attack::write);
  }
}
