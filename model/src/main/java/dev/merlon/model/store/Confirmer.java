package dev.merlon.model.store;

import dev.merlon.model.norm.Candidate;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Counterexample;
import java.util.List;
import java.util.Optional;

/** Asks the model file again whether points are counterexamples. */
public interface Confirmer extends AutoCloseable {
  /**
   * The points that are counterexamples: inside their query's set, and seen as another class.
   *
   * @param queries one for each point
   * @param points with the parameters that lead to them, where their sets have some
   */
  List<Optional<Counterexample>> of(List<Query> queries, List<Candidate> points);

  @Override
  void close();
}
