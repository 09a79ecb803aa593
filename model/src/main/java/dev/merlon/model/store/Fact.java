package dev.merlon.model.store;

import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import java.util.Optional;

/**
 * What is kept about one question.
 *
 * @param outcome anything but a conflict
 * @param predicted ONNX Runtime's class of the input
 * @param margins lower bounds of the margins, where any were computed
 * @param source how it came about
 * @param millis time spent on it
 */
record Fact(
    Outcome outcome, int predicted, Optional<MarginBounds> margins, Source source, double millis) {

  /**
   * How a fact came about.
   *
   * @param effort what was tried
   * @param prover who tried
   * @param sound whether what the prover certified counts
   * @param at when it was kept, milliseconds since 1970
   */
  record Source(SearchEffort effort, Prover prover, boolean sound, long at) {}

  /**
   * A fact of the store.
   *
   * @param id its row
   * @param perturbation the set in its canonical form
   * @param guarantee what a certificate is about
   * @param disputed what contradicts it, if anything does
   */
  record Stored(
      long id, String perturbation, Guarantee guarantee, Fact fact, Optional<String> disputed) {
    Outcome.Kind kind() {
      return fact.kind();
    }
  }

  Outcome.Kind kind() {
    return outcome.kind();
  }

  /** Whether nothing that is found later changes it. */
  boolean isFinal() {
    return switch (kind()) {
      case CERTIFIED, FALSIFIED, MISCLASSIFIED -> true;
      case UNKNOWN, TIMEOUT, CONFLICT -> false;
    };
  }

  /** A certificate of a prover that turned out to be faulty. */
  boolean isWithdrawn() {
    return kind() == Outcome.Kind.CERTIFIED && !source.sound();
  }

  /** What was found, how and by whom. */
  String words() {
    return kind().word() + " by " + outcome.rung().word() + " (" + source.prover() + ")";
  }
}
