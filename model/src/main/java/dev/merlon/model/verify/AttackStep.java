package dev.merlon.model.verify;

import dev.merlon.model.norm.PerturbationSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ends queries for which a search finds a counterexample. A candidate counts only as a float32
 * point inside the set at which the model file itself prefers another class.
 */
final class AttackStep implements RungStep {
  private final Search search;
  private final Predictor predictor;
  private final int batch;
  private final boolean crossCheck;

  AttackStep(Search search, Predictor predictor, int batch, boolean crossCheck) {
    this.search = search;
    this.predictor = predictor;
    this.batch = batch;
    this.crossCheck = crossCheck;
  }

  /** A search for counterexamples. */
  @FunctionalInterface
  interface Search {
    /** One candidate per query, flat; it need not lie in the set nor be a counterexample. */
    List<float[]> candidates(List<Query> queries, PerturbationSet set);
  }

  @Override
  public Rung rung() {
    return Rung.PGD;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public boolean concerns(OpenQuery query) {
    return query.open() || (crossCheck && query.certifiedBy().isPresent());
  }

  @Override
  public void answer(List<OpenQuery> queries, PerturbationSet set) {
    List<Query> asked = queries.stream().map(OpenQuery::query).toList();
    List<float[]> candidates = search.candidates(asked, set);
    List<float[]> points = new ArrayList<>(candidates.size());
    for (int n = 0; n < candidates.size(); n++) {
      points.add(Confinement.inwards(set, asked.get(n).x(), candidates.get(n)));
    }
    float[][] logits = predictor.logits(Inputs.concatenate(points), points.size());
    for (int n = 0; n < queries.size(); n++) {
      confirm(queries.get(n), points.get(n), logits[n]);
    }
  }

  private static void confirm(OpenQuery open, float[] point, float[] logits) {
    Query query = open.query();
    boolean refuted = Logits.finite(logits) && Logits.refute(logits, query.label());
    if (!refuted || !Confinement.holds(query.set(), query.x(), point)) {
      return;
    }
    Counterexample found = Counterexample.at(point);
    Outcome outcome =
        open.certifiedBy()
            .<Outcome>map(rung -> conflict(rung, found))
            .orElseGet(() -> new Outcome.Falsified(Rung.PGD, found));
    open.end(outcome);
  }

  private static Outcome conflict(Rung rung, Counterexample found) {
    String reason = "certified by " + rung.word() + " but refuted by " + Rung.PGD.word();
    return new Outcome.Conflict(rung, reason, Optional.of(found));
  }
}
