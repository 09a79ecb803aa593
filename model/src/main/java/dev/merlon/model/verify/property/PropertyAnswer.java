package dev.merlon.model.verify.property;

import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.Witness;
import java.util.Locale;
import java.util.Optional;

/**
 * How a property ended.
 *
 * @param word the answer
 * @param witness the counterexample, for {@code sat}
 * @param reason what decided it, or why nothing did, in a few words
 */
public record PropertyAnswer(Word word, Optional<Witness> witness, String reason) {

  /** The words of the verification competition. */
  public enum Word {
    /** No input of any region is a counterexample: the property holds. */
    UNSAT,
    /** There is a counterexample. */
    SAT,
    /** Neither was shown. */
    UNKNOWN,
    /** Neither was shown before time was up. */
    TIMEOUT;

    /** As it is printed. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The property holds. */
  public static PropertyAnswer unsat(String how) {
    return new PropertyAnswer(Word.UNSAT, Optional.empty(), how);
  }

  /** There is a counterexample. */
  public static PropertyAnswer sat(Witness witness, String how) {
    return new PropertyAnswer(Word.SAT, Optional.of(witness), how);
  }

  /** Neither was shown. */
  public static PropertyAnswer unknown(String why) {
    return new PropertyAnswer(Word.UNKNOWN, Optional.empty(), why);
  }

  /** Neither was shown before time was up. */
  public static PropertyAnswer timeout(String during) {
    return new PropertyAnswer(Word.TIMEOUT, Optional.empty(), during);
  }

  /** Whether it is proved or refuted, so that more time would change nothing. */
  public boolean decided() {
    return word == Word.UNSAT || word == Word.SAT;
  }

  /** Why a rung could not do its work, where that is why there is no answer. */
  public Optional<String> failure() {
    boolean failed = word == Word.UNKNOWN && new Outcome.Unknown(Rung.BAB, reason).failed();
    return failed ? Optional.of(reason) : Optional.empty();
  }
}
