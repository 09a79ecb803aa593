package dev.merlon.model.verify.verdict;

import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Property;
import dev.merlon.model.verify.question.Query;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The answer to one query; one line of a results file (see {@link VerdictLine}).
 *
 * @param property what was asked
 * @param predicted ONNX Runtime's class of the input; empty if it could not be computed
 * @param outcome the answer
 * @param margins the highest lower bound of each margin over the rungs that were tried; empty if no
 *     bound was computed
 * @param guarantee what a certificate is about
 * @param millis time spent on this query, with an equal share of what was computed for several at
 *     once
 */
public record Verdict(
    Property property,
    OptionalInt predicted,
    Outcome outcome,
    Optional<MarginBounds> margins,
    Guarantee guarantee,
    double millis) {

  /** Checks that margins belong to the property, and are those of a certificate. */
  public Verdict {
    if (outcome instanceof Outcome.Certified proof
        && !margins.equals(Optional.of(proof.margins()))) {
      throw new IllegalArgumentException("margins that are not those of the certificate");
    }
    if (margins.isPresent() && margins.get().label() != property.label()) {
      throw new IllegalArgumentException("margins of another label than " + property.label());
    }
  }

  /** The word for the outcome. */
  public Outcome.Kind kind() {
    return outcome.kind();
  }

  /** Whether the property is proved. */
  public boolean certified() {
    return kind() == Outcome.Kind.CERTIFIED;
  }

  /** Whether the input itself gets its label. */
  public boolean correct() {
    return predicted.isPresent() && predicted.getAsInt() == property.label();
  }

  /** Why the query could not be worked on to the end; empty where every rung did its work. */
  public Optional<String> failure() {
    return outcome.failure().isPresent() || predicted.isEmpty()
        ? outcome.reason()
        : Optional.empty();
  }

  /**
   * Whether an attack ran on the input and found nothing, where {@link Rung#PGD} is tried at all.
   */
  public boolean withstood() {
    int tried = outcome.rung().compareTo(Rung.PGD);
    boolean ran = tried > 0 || (tried == 0 && failure().isEmpty());
    return correct() && (certified() || (undecided() && ran));
  }

  /** No answer was found, so that a longer search might prove the property. */
  public boolean undecided() {
    return kind() == Outcome.Kind.UNKNOWN || kind() == Outcome.Kind.TIMEOUT;
  }

  /** The verdict for a query that could not be worked on at all. */
  public static Verdict unanswered(Query query, String reason) {
    return new Verdict(
        query.property(),
        OptionalInt.empty(),
        new Outcome.Unknown(Rung.PREDICT, reason),
        Optional.empty(),
        query.guarantee(),
        0);
  }
}
