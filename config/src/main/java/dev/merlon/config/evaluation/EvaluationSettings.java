package dev.merlon.config.evaluation;

import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import dev.merlon.config.value.ThreatSpec;
import java.util.HashSet;
import java.util.List;

/**
 * What is measured on the test images.
 *
 * @param threats perturbations, each certified and attacked; their union is reported too
 * @param attack the search behind the adversarial accuracy
 * @param rungs ways to certify, from cheap to expensive; each one of {@link #RUNGS}
 * @param firstN only the first so many test images; 0 = all
 */
public record EvaluationSettings(
    List<ThreatSpec> threats, EvaluationAttack attack, List<String> rungs, int firstN) {

  /** The rungs that exist, from cheap to expensive, with commas between them. */
  public static final String EVERY_RUNG = "ibp,crown-ibp,pgd,crown,alpha-crown,targeted-pgd,bab";

  /** The rungs that exist. */
  public static final List<String> RUNGS = List.of(EVERY_RUNG.split(",", -1));

  /** Copies the lists and checks the values. */
  public EvaluationSettings {
    threats = List.copyOf(threats);
    rungs = List.copyOf(rungs);
    Check.require(
        threats.size() == new HashSet<>(threats).size(),
        "threats",
        "is " + threats + ": must not name one twice");
    rungs.forEach(rung -> Check.oneOf("rungs", rung, RUNGS));
    Check.require(
        rungs.size() == new HashSet<>(rungs).size(),
        "rungs",
        "is " + rungs + ": must not name one twice");
    Check.atLeast("first-n", firstN, 0);
  }

  /** Reads a section of these settings. */
  public static EvaluationSettings read(SettingsReader reader) {
    return new EvaluationSettings(
        reader.threats("threats"),
        reader.section("attack", EvaluationAttack::read),
        reader.texts("rungs"),
        reader.integer("first-n"));
  }

  /** Writes them under the keys that {@link #read} takes. */
  public void write(SettingsWriter writer) {
    writer.texts("threats", threats.stream().map(ThreatSpec::toString).toList());
    writer.section("attack", attack::write);
    writer.texts("rungs", rungs);
    writer.whole("first-n", firstN);
  }
}
