package dev.merlon.config.objective;

import dev.merlon.config.value.SettingsReader;
import java.util.Arrays;
import java.util.function.Function;

/** The words that select an objective, and how each one's settings are read. */
@SuppressWarnings("ImmutableEnumChecker") // Functions without state.
enum ObjectiveKind {
  NATURAL("natural", NaturalObjective::read),
  PGD("pgd", PgdObjective::read),
  IBP("ibp", IbpObjective::read),
  SABR("sabr", SabrObjective::read),
  CROWN_IBP("crown-ibp", CrownIbpObjective::read),
  CROWN("crown", CrownObjective::read),
  TAPS("taps", TapsObjective::readTaps),
  STAPS("staps", TapsObjective::readStaps),
  MTL_IBP("mtl-ibp", reader -> ExpressiveObjective.read(ExpressiveForm.MTL_IBP, reader)),
  CC_IBP("cc-ibp", reader -> ExpressiveObjective.read(ExpressiveForm.CC_IBP, reader)),
  EXP_IBP("exp-ibp", reader -> ExpressiveObjective.read(ExpressiveForm.EXP_IBP, reader)),
  CURE_JOINT("cure-joint", reader -> CureObjective.read(CureForm.JOINT, reader)),
  CURE_MAX("cure-max", reader -> CureObjective.read(CureForm.MAX, reader)),
  CURE_RANDOM("cure-random", reader -> CureObjective.read(CureForm.RANDOM, reader)),
  CURE_SCRATCH("cure-scratch", reader -> CureObjective.read(CureForm.SCRATCH, reader)),
  CURE_FINETUNE("cure-finetune", reader -> CureObjective.read(CureForm.FINETUNE, reader));

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // Method references that hold nothing.
  private final Function<SettingsReader, ObjectiveSettings> reads;

  ObjectiveKind(String word, Function<SettingsReader, ObjectiveSettings> reads) {
    this.word = word;
    this.reads = reads;
  }

  String word() {
    return word;
  }

  ObjectiveSettings read(SettingsReader reader) {
    return reads.apply(reader);
  }

  /** The kind of a known word. */
  static ObjectiveKind of(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no objective is called " + word));
  }
}
