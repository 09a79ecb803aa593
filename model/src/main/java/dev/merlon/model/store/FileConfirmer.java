package dev.merlon.model.store;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.runtime.Confirmation;
import dev.merlon.model.verify.runtime.RuntimePredictor;
import dev.merlon.model.verify.verdict.Counterexample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Confirms points on a model's own file in ONNX Runtime, which is opened when there is a first
 * point. A point counts as it is kept, with the parameters that lead to it: one that is not in its
 * set is not moved there. Owns its session. Thread-safe.
 */
public final class FileConfirmer implements Confirmer {
  private static final int THREADS = 1;

  private final ImportedModel model;
  private Optional<RuntimePredictor> predictor = Optional.empty();

  /** One for this model. */
  public FileConfirmer(ImportedModel model) {
    this.model = model;
  }

  @Override
  public synchronized List<Optional<Counterexample>> of(
      List<Query> queries, List<Candidate> points) {
    RuntimePredictor opened = predictor.orElseGet(() -> RuntimePredictor.open(model, THREADS));
    predictor = Optional.of(opened);
    List<Optional<Counterexample>> found =
        new ArrayList<>(new Confirmation(opened).of(queries, points));
    for (int n = 0; n < found.size(); n++) {
      Query query = queries.get(n);
      if (!query.set().contains(query.x(), points.get(n))) {
        found.set(n, Optional.empty());
      }
    }
    return found;
  }

  @Override
  public synchronized void close() {
    predictor.ifPresent(RuntimePredictor::close);
    predictor = Optional.empty();
  }
}
