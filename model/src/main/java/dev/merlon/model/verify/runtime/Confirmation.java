package dev.merlon.model.verify.runtime;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.tensor.RowGroups;
import dev.merlon.model.verify.question.Inputs;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Counterexample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what counts as a counterexample: a float32 point inside the set at which the model file
 * itself, in ONNX Runtime, prefers another class.
 */
public final class Confirmation {
  private final Predictor predictor;

  /** One that asks this predictor, which stays its owner's. */
  public Confirmation(Predictor predictor) {
    this.predictor = predictor;
  }

  /**
   * The counterexamples that candidates lead to, in their order.
   *
   * @param queries one for each candidate
   * @param candidates those outside their set are moved into it
   */
  public List<Optional<Counterexample>> of(List<Query> queries, List<Candidate> candidates) {
    List<Candidate> inside = new ArrayList<>(candidates.size());
    for (int n = 0; n < candidates.size(); n++) {
      Query query = queries.get(n);
      inside.add(query.set().inwards(query.x(), candidates.get(n)));
    }
    List<float[]> points = inside.stream().map(Candidate::point).toList();
    float[] filled = RowGroups.filled(Inputs.concatenate(points), points.size());
    double[][] logits = predictor.outputs(filled, RowGroups.count(points.size()));
    List<Optional<Counterexample>> found = new ArrayList<>(candidates.size());
    for (int n = 0; n < candidates.size(); n++) {
      found.add(confirmed(queries.get(n), inside.get(n), logits[n]));
    }
    return found;
  }

  private static Optional<Counterexample> confirmed(
      Query query, Candidate inside, double[] logits) {
    boolean refuted = Logits.finite(logits) && Logits.refute(logits, query.label());
    return refuted && query.set().contains(query.x(), inside)
        ? Optional.of(Counterexample.at(inside).seenAs(Logits.best(logits)))
        : Optional.empty();
  }
}
