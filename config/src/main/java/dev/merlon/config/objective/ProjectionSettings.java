package dev.merlon.config.objective;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * Gradient projection of CURE, once an epoch at the final radius: {@code old + beta GP(natural
 * update) + (1-beta) certified update}, tensor by tensor.
 *
 * @param weight {@code beta} in {@code [0, 1)}; 0 = off
 * @param form what is kept of the natural update
 * @param branches whether the two branches train side by side or in turn
 */
public record ProjectionSettings(double weight, Form form, Branches branches) {
  /** Checks the values. */
  public ProjectionSettings {
    Check.within("weight", weight, 0, 1);
    Check.require(weight < 1, "weight", "is 1: must be below 1");
  }

  /** What a projection keeps of the natural update where its cosine is positive. */
  public enum Form {
    /** The natural update times the cosine (RAMP's code). */
    COSINE,
    /** Its orthogonal projection onto the certified update. */
    ORTHOGONAL
  }

  /** How the natural and the certified branch share the machine; the result is the same. */
  public enum Branches {
    /** Both train on each batch at the same time. */
    SIDE_BY_SIDE,
    /** One after the other. */
    IN_TURN
  }

  static ProjectionSettings read(SettingsReader reader) {
    return new ProjectionSettings(
        reader.decimal("weight"),
        reader.choice("form", Form.class),
        reader.choice("branches", Branches.class));
  }

  void write(SettingsWriter writer) {
    writer.decimal("weight", weight);
    writer.choice("form", form);
    writer.choice("branches", branches);
  }
}
