package dev.merlon.actors.cli.work;

import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.Locale;
import java.util.OptionalInt;

/** A verdict about one picture in a line for people. */
final class VerdictSentence {
  private VerdictSentence() {}

  /** Such as {@code linf:0.1: certified by crown, every margin is at least 0.42}. */
  static String of(Verdict verdict) {
    return verdict.property().set() + ": " + said(verdict);
  }

  /** The same where nothing but an attack was tried. */
  static String ofAttack(Verdict verdict) {
    return verdict.kind() == Outcome.Kind.UNKNOWN && verdict.failure().isEmpty()
        ? verdict.property().set() + ": withstood the attack"
        : of(verdict);
  }

  private static String said(Verdict verdict) {
    String rung = verdict.outcome().rung().word();
    String why = verdict.outcome().reason().map(reason -> ": " + reason).orElse("");
    return switch (verdict.kind()) {
      case CERTIFIED -> "certified by " + rung + margin(verdict) + why;
      case FALSIFIED ->
          "falsified by "
              + rung
              + seen(verdict)
              + why
              + ", --out FILE.jsonl keeps the counterexample";
      case MISCLASSIFIED ->
          "misclassified, the model sees class " + verdict.predicted().orElseThrow();
      case UNKNOWN -> "unknown" + why;
      case TIMEOUT -> "timeout at " + rung + why;
      case CONFLICT -> "conflict" + why;
    };
  }

  private static String seen(Verdict verdict) {
    OptionalInt adversarial = verdict.outcome().counterexample().orElseThrow().adversarial();
    return adversarial.isPresent()
        ? ", which the model sees as class " + adversarial.getAsInt()
        : "";
  }

  private static String margin(Verdict verdict) {
    return verdict
        .margins()
        .map(MarginBounds::smallest)
        .map(least -> String.format(Locale.ROOT, ", every margin is at least %.3g", least))
        .orElse("");
  }
}
