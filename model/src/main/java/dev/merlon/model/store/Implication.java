package dev.merlon.model.store;

import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.verify.question.Guarantee;
import java.util.List;

/**
 * Which questions about one input a fact answers beside its own: a certificate those about smaller
 * sets and weaker guarantees, a counterexample those about larger sets.
 *
 * @param perturbation the set in its canonical form
 */
record Implication(String perturbation, Guarantee guarantee) {
  // From weak to strong. A bound that holds for everything ONNX Runtime may return holds for the
  // real function, too, and one with rounding accounted for is below the one without.
  private static final List<Guarantee> STRENGTH =
      List.of(Guarantee.NOMINAL, Guarantee.REAL, Guarantee.DEPLOYED);

  /** Whether a fact about the same input and label answers this question. */
  boolean follows(Fact.Stored other, FactRules.Asker asker) {
    if (other.disputed().isPresent() || isAbout(other)) {
      return false;
    }
    return switch (other.kind()) {
      case CERTIFIED ->
          FactRules.proves(other.fact(), asker)
              && contains(other.perturbation(), perturbation)
              && STRENGTH.indexOf(other.guarantee()) >= STRENGTH.indexOf(guarantee);
      // The point is confirmed on the file again, which is the same for every guarantee. An attack
      // on another ball says nothing about an adversarial accuracy on this one.
      case FALSIFIED -> !asker.effort().attacks() && contains(perturbation, other.perturbation());
      case UNKNOWN, TIMEOUT, MISCLASSIFIED, CONFLICT -> false;
    };
  }

  /** Whether a fact is about this very question. */
  boolean isAbout(Fact.Stored other) {
    return perturbation.equals(other.perturbation()) && guarantee == other.guarantee();
  }

  /** A set as people write it, such as {@code linf:0.1 without clip}, where it is known. */
  static String words(String canonical) {
    return PerturbationSet.ofCanonical(canonical).map(Object::toString).orElse(canonical);
  }

  // A store may hold facts about sets that this program cannot read; those imply nothing.
  private static boolean contains(String outer, String inner) {
    return PerturbationSet.ofCanonical(outer)
        .flatMap(around -> PerturbationSet.ofCanonical(inner).map(around::includes))
        .orElse(false);
  }
}
