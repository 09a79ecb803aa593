package dev.merlon.config.objective;

import dev.merlon.config.training.ScheduleSettings;
import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a training step minimises: {@code (1-w) natural + w robust}, {@code w} by a schedule. One
 * record per family of methods; {@link ObjectiveKind} maps the words of configuration to them.
 */
public sealed interface ObjectiveSettings
    permits NaturalObjective,
        PgdObjective,
        IbpObjective,
        SabrObjective,
        CrownIbpObjective,
        CrownObjective,
        TapsObjective,
        ExpressiveObjective,
        CureObjective {

  /** The words {@link #kind()} can be. */
  List<String> KINDS = Arrays.stream(ObjectiveKind.values()).map(ObjectiveKind::word).toList();

  /** The word that selects this objective. */
  String kind();

  /** The weight of the robust loss. */
  WeightSchedule robustWeight();

  /** The norm of the ball that a single attack searches, where there is one. */
  default Optional<String> attackedNorm() {
    return Optional.empty();
  }

  /** The search in a latent box, where there is one. */
  default Optional<TapsSettings> latent() {
    return Optional.empty();
  }

  /** Refuses a schedule whose radii are not those of this objective. */
  default void requireFit(ScheduleSettings schedule) {
    attackedNorm()
        .ifPresent(
            norm ->
                Check.require(
                    norm.equals(schedule.norm()),
                    "objective.norm",
                    "is " + norm + ": must be schedule.norm, " + schedule.norm()));
  }

  /** Calls the visitor's method for this kind of objective. */
  <T> T accept(ObjectiveVisitor<T> visitor);

  /** Writes the keys that matter for this objective, its kind and the robust weight excepted. */
  void writeOwn(SettingsWriter writer);

  /** Reads the objective that the section names as its {@code kind}. */
  static ObjectiveSettings read(SettingsReader reader) {
    String word = reader.text("kind");
    Check.oneOf("kind", word, KINDS);
    return ObjectiveKind.of(word).read(reader);
  }

  /** Writes the keys that matter for this objective. */
  default void write(SettingsWriter writer) {
    writer.text("kind", kind());
    writeOwn(writer);
    if (!(this instanceof NaturalObjective)) {
      writer.section("robust-weight", robustWeight()::write);
    }
  }
}
