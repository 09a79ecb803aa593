package dev.merlon.model.store;

import dev.merlon.model.verify.verdict.Outcome;
import java.util.Set;

/**
 * When a fact answers a question, and what becomes of it when another verdict about the same
 * question comes in.
 *
 * <p>Certified, falsified and misclassified are final. Unknown and timeout give way to anything
 * final and to whatever tried something that they did not. Two finals that differ are a conflict:
 * neither is chosen. A withdrawn certificate counts as nothing at all.
 */
final class FactRules {
  private FactRules() {}

  /**
   * Somebody who asks.
   *
   * @param effort what they would try
   * @param prover who would try
   * @param retry verdicts that are no answer to them
   */
  record Asker(SearchEffort effort, Prover prover, Set<Outcome.Kind> retry) {
    Asker {
      retry = Set.copyOf(retry);
    }
  }

  /** What becomes of a fact. */
  enum Change {
    /** It stays. */
    KEEP,
    /** The other takes its place. */
    REPLACE,
    /** It stays, and that it is contradicted is kept beside it. */
    DISPUTE
  }

  /** What becomes of a fact when a fresh one about the same question comes. */
  static Change change(Fact stored, Fact fresh) {
    if (stored.isWithdrawn()) {
      return Change.REPLACE;
    }
    if (stored.isFinal()) {
      return fresh.isFinal() ? finals(stored, fresh) : Change.KEEP;
    }
    return fresh.isFinal() || !triedAsMuch(stored.source(), fresh.source())
        ? Change.REPLACE
        : Change.KEEP;
  }

  // Of two equal answers the newer is kept: whoever asked for it will ask in the same way again.
  private static Change finals(Fact stored, Fact fresh) {
    return stored.kind() == fresh.kind() ? Change.REPLACE : Change.DISPUTE;
  }

  private static boolean triedAsMuch(Fact.Source stored, Fact.Source fresh) {
    return stored.prover().sameProgram(fresh.prover()) && stored.effort().covers(fresh.effort());
  }

  /**
   * Whether a fact answers its own question. A falsified one does so only once its point is
   * confirmed again.
   */
  static boolean answers(Fact fact, Asker asker) {
    return switch (fact.kind()) {
      case CERTIFIED -> proves(fact, asker);
      case FALSIFIED -> refutes(fact, asker);
      case MISCLASSIFIED -> true;
      case UNKNOWN, TIMEOUT ->
          !asker.retry().contains(fact.kind())
              && fact.source().prover().sameProgram(asker.prover())
              && fact.source().effort().covers(asker.effort());
      case CONFLICT -> false;
    };
  }

  /** Whether a certificate counts: its prover is sound, and its rung among those asked for. */
  static boolean proves(Fact fact, Asker asker) {
    return fact.kind() == Outcome.Kind.CERTIFIED
        && fact.source().sound()
        && asker.effort().rungs().contains(fact.outcome().rung());
  }

  // An adversarial accuracy is about one attack: what another one found does not belong to it.
  private static boolean refutes(Fact fact, Asker asker) {
    return !asker.effort().attacks()
        || (asker.effort().rungs().contains(fact.outcome().rung())
            && asker.effort().sameSearch(fact.source().effort()));
  }
}
