package dev.merlon.model.verify;

import dev.merlon.model.bound.PreActivations;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** What is known about one query while the rungs are climbed. Not thread-safe. */
final class OpenQuery {
  private final Query query;
  private OptionalInt predicted = OptionalInt.empty();
  private Optional<double[]> logits = Optional.empty();
  private Optional<MarginBounds> margins = Optional.empty();
  private Optional<Outcome> outcome = Optional.empty();
  private Optional<PreActivations.Saved> inside = Optional.empty();
  private Rung last = Rung.PREDICT;
  private long spentNanos;

  OpenQuery(Query query) {
    this.query = query;
  }

  Query query() {
    return query;
  }

  boolean open() {
    return outcome.isEmpty();
  }

  /** The rung that certified this query, if one did. */
  Optional<Rung> certifiedBy() {
    return outcome.filter(Outcome.Certified.class::isInstance).map(Outcome::rung);
  }

  Rung lastRung() {
    return last;
  }

  long spentNanos() {
    return spentNanos;
  }

  Optional<MarginBounds> margins() {
    return margins;
  }

  void tried(Rung rung) {
    last = rung;
  }

  void spend(long nanos) {
    spentNanos += nanos;
  }

  void end(Outcome answer) {
    outcome = Optional.of(answer);
    inside = Optional.empty();
  }

  /** CROWN's bounds inside the network, once a rung has computed them. */
  Optional<PreActivations.Saved> inside() {
    return inside;
  }

  void keep(PreActivations.Saved bounds) {
    inside = Optional.of(bounds);
  }

  void predicted(int best, double[] values) {
    predicted = OptionalInt.of(best);
    logits = Optional.of(values);
  }

  void bounded(MarginBounds bounds) {
    margins = Optional.of(margins.map(bounds::best).orElse(bounds));
  }

  /** The bounds known so far, {@code [K]}; minus infinity where there is none. */
  double[] bounds(int classes) {
    double[] known = new double[classes];
    Arrays.setAll(
        known, j -> margins.map(bounds -> bounds.against(j)).orElse(Double.NEGATIVE_INFINITY));
    return known;
  }

  /** The classes that no bound proves the label to be ahead of. */
  int[] unproved(int classes) {
    double[] known = bounds(classes);
    return IntStream.range(0, classes).filter(j -> j != query.label() && !(known[j] > 0)).toArray();
  }

  /**
   * Whether {@code bounds} claim more than ONNX Runtime shows at the input itself, which lies in
   * its own perturbation set; small float32 differences allowed.
   */
  boolean contradicts(MarginBounds bounds) {
    double[] shown = logits.orElseThrow();
    double tolerance = Agreement.tolerance(shown);
    for (int j = 0; j < shown.length; j++) {
      double margin = shown[query.label()] - shown[j];
      if (j != query.label() && bounds.against(j) > margin + tolerance) {
        return true;
      }
    }
    return false;
  }

  /** How far this query came, for people: the class that stands most against it, and its bound. */
  String progress() {
    return margins.map(MarginBounds::worst).orElse("no margin is bounded yet");
  }

  /** The verdict; a query that no rung ended is unknown. */
  Verdict verdict(Guarantee guarantee) {
    Outcome answer =
        outcome.orElseGet(
            () -> new Outcome.Unknown(last, "no rung proved or refuted it; " + progress()));
    return new Verdict(query.property(), predicted, answer, margins, guarantee, spentNanos / 1e6);
  }
}
