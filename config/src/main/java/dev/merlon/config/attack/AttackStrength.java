package dev.merlon.config.attack;

import dev.merlon.config.failure.MerlonException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Named strengths of the attack behind an adversarial accuracy. */
public enum AttackStrength {
  /** 20 steps, one start: what a training run is judged by, the default of evaluation.attack. */
  QUICK,
  /** 50 steps, 3 starts: PGD-50x3 of the figures of TAPS (Mao et al. 2023). */
  STANDARD,
  /** 200 steps, 5 starts: the attack before the complete verifier of TAPS, and of CTBench. */
  TAPS_200,
  /** APGD on both losses, 100 steps and one start each, as Croce and Hein 2020. */
  APGD,
  /** Targeted APGD, 100 steps and one start for each of at most nine classes, as they do. */
  APGD_TARGETED;

  private static final double DECAY = 0.1;

  /** The name on the command line, such as {@code taps-200}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Steps, restarts, step size and its decay. */
  public AttackSettings settings() {
    return switch (this) {
      case QUICK -> attack(20, 1, 0.25, List.of(0.7));
      case STANDARD -> attack(50, 3, 0.2, List.of(0.5, 0.8, 0.9));
      case TAPS_200 -> attack(200, 5, 0.2, List.of(0.5, 0.8, 0.9));
      case APGD, APGD_TARGETED -> attack(100, 1, 0.25, List.of(0.7));
    };
  }

  /** What is searched with. */
  public AttackMethod method() {
    return switch (this) {
      case QUICK, STANDARD, TAPS_200 -> AttackMethod.PGD;
      case APGD -> AttackMethod.APGD;
      case APGD_TARGETED -> AttackMethod.APGD_TARGETED;
    };
  }

  /** The whole search. */
  public EvaluationAttack attack() {
    return new EvaluationAttack(method(), settings());
  }

  /** All names. */
  public static List<String> words() {
    return Arrays.stream(values()).map(AttackStrength::word).toList();
  }

  /**
   * The strength of this name.
   *
   * @throws MerlonException (configuration) when there is none
   */
  public static AttackStrength parse(String word) {
    return Arrays.stream(values())
        .filter(strength -> strength.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                MerlonException.configuration(
                    "There is no attack strength '" + word + "'",
                    "Use one of " + String.join(", ", words()) + "."));
  }

  private static AttackSettings attack(
      int steps, int restarts, double stepSize, List<Double> decays) {
    StepDecay decay = new StepDecay(DECAY, 0, decays);
    return new AttackSettings(steps, restarts, stepSize, decay, AttackStatistics.EVAL, true);
  }
}
