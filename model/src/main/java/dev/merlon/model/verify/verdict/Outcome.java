package dev.merlon.model.verify.verdict;

import dev.merlon.model.verify.vnnlib.Witness;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a query ended, and which rung ended it. */
public sealed interface Outcome {

  /** The words of verdicts. */
  enum Kind {
    CERTIFIED,
    FALSIFIED,
    UNKNOWN,
    TIMEOUT,
    MISCLASSIFIED,
    CONFLICT;

    /** The word in results, such as {@code certified}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What the verification competition calls it, which asks whether there is a counterexample:
     * {@code unsat}, {@code sat}, {@code timeout} or {@code unknown}.
     */
    public String competitionWord() {
      return switch (this) {
        case CERTIFIED -> "unsat";
        case FALSIFIED -> "sat";
        case TIMEOUT -> "timeout";
        case UNKNOWN, MISCLASSIFIED, CONFLICT -> "unknown";
      };
    }

    /**
     * The kind of this word.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Kind parse(String word) {
      return Arrays.stream(values())
          .filter(known -> known.word().equals(word))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no verdict '" + word + "'"));
    }
  }

  /** The word for this outcome. */
  Kind kind();

  /** The rung that answered, or the last one that was tried. */
  Rung rung();

  /** Why there is no answer, or what disagrees. */
  default Optional<String> reason() {
    return Optional.empty();
  }

  /** The point that refutes the property, confirmed by ONNX Runtime. */
  default Optional<Counterexample> counterexample() {
    return Optional.empty();
  }

  /** The decimals that refute a property of inputs and outputs. */
  default Optional<Witness> witness() {
    return Optional.empty();
  }

  /** Whether it is proved or refuted, so that more time would change nothing. */
  default boolean decided() {
    return kind() == Kind.CERTIFIED || kind() == Kind.FALSIFIED;
  }

  /** Why a rung could not do its work, where that is why there is no answer. */
  default Optional<String> failure() {
    return Optional.empty();
  }

  /**
   * Proved: there is at least one margin, and every margin's lower bound is above 0.
   *
   * @param margins what proves it
   * @param proof how these were found, where it was kept
   */
  record Certified(Rung rung, MarginBounds margins, Optional<Proof> proof) implements Outcome {
    /** Refuses margins that prove nothing: one that is NaN, infinite, 0 or below. */
    public Certified {
      if (!margins.certify()) {
        throw new IllegalArgumentException("margins " + margins + " certify nothing");
      }
    }

    /** Of which nothing more was kept. */
    public Certified(Rung rung, MarginBounds margins) {
      this(rung, margins, Optional.empty());
    }

    @Override
    public Kind kind() {
      return Kind.CERTIFIED;
    }
  }

  /** Refuted by a confirmed point of the set. */
  record Falsified(Rung rung, Counterexample point) implements Outcome {
    @Override
    public Kind kind() {
      return Kind.FALSIFIED;
    }

    @Override
    public Optional<Counterexample> counterexample() {
      return Optional.of(point);
    }
  }

  /**
   * Proved about a property that is no list of margins: none of its regions has a counterexample.
   *
   * @param how what excludes them, in a few words
   */
  record Excluded(Rung rung, String how) implements Outcome {
    @Override
    public Kind kind() {
      return Kind.CERTIFIED;
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(how);
    }
  }

  /**
   * Refuted, as a property that is no list of margins is.
   *
   * @param found an input and what the model gives for it, in exact decimals
   * @param how what found it, in a few words
   */
  record Refuted(Rung rung, Witness found, String how) implements Outcome {
    @Override
    public Kind kind() {
      return Kind.FALSIFIED;
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(how);
    }

    @Override
    public Optional<Witness> witness() {
      return Optional.of(found);
    }

    /** The nearest float32 numbers. */
    @Override
    public Optional<Counterexample> counterexample() {
      return Optional.of(Counterexample.at(found.floats()));
    }
  }

  /**
   * What follows from a stronger answer that was found before: a certificate about a larger set, or
   * a counterexample in a smaller one.
   *
   * @param answer certified or falsified, as the stronger answer is
   * @param by the question of the stronger answer, such as {@code linf:0.3, real}
   */
  record Implied(Outcome answer, String by) implements Outcome {
    private static final String WORDS = "implied by ";

    /** Refuses what implies nothing. */
    public Implied {
      if (!(answer instanceof Certified || answer instanceof Falsified)) {
        throw new IllegalArgumentException(answer + " implies nothing");
      }
    }

    /** The same outcome again from what {@link #reason} says; the answer itself for other words. */
    static Outcome read(Outcome answer, String reason) {
      return reason.startsWith(WORDS)
          ? new Implied(answer, reason.substring(WORDS.length()))
          : answer;
    }

    @Override
    public Kind kind() {
      return answer.kind();
    }

    @Override
    public Rung rung() {
      return answer.rung();
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(WORDS + by);
    }

    @Override
    public Optional<Counterexample> counterexample() {
      return answer.counterexample();
    }
  }

  /** Neither proved nor refuted, and why. */
  record Unknown(Rung rung, String why) implements Outcome {
    // Results files have no field of their own for it.
    private static final String FAILED = "failed: ";

    /** What a rung that could not do its work leaves behind. */
    public static Unknown failed(Rung rung, String why) {
      return new Unknown(rung, FAILED + why);
    }

    /** Why the rung could not do its work, so that it says nothing about the property. */
    @Override
    public Optional<String> failure() {
      return Optional.of(why).filter(words -> words.startsWith(FAILED));
    }

    @Override
    public Kind kind() {
      return Kind.UNKNOWN;
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(why);
    }
  }

  /**
   * The time for this query was spent before any rung answered.
   *
   * @param reason how far the last rung came, if it can tell
   */
  record Timeout(Rung rung, Optional<String> reason) implements Outcome {
    /** Without more to say. */
    public Timeout(Rung rung) {
      this(rung, Optional.empty());
    }

    @Override
    public Kind kind() {
      return Kind.TIMEOUT;
    }
  }

  /** The input itself gets another class than its label. */
  record Misclassified() implements Outcome {
    @Override
    public Kind kind() {
      return Kind.MISCLASSIFIED;
    }

    @Override
    public Rung rung() {
      return Rung.PREDICT;
    }
  }

  /** A bound and ONNX Runtime contradict each other: an alarm, never a silent choice. */
  record Conflict(Rung rung, String why, Optional<Counterexample> counterexample)
      implements Outcome {
    @Override
    public Kind kind() {
      return Kind.CONFLICT;
    }

    @Override
    public Optional<String> reason() {
      return Optional.of(why);
    }
  }
}
