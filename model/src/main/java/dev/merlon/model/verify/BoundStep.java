package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.RowGroups;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.proof.MarginProof;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Inputs;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Ends queries that lower bounds of the margins prove, computed in float64. A query's bounds do not
 * depend on who shares its batch: batches are whole groups of rows, or one query at a time.
 */
final class BoundStep implements RungStep {
  private final Rung rung;
  private final LiveNetwork live;
  private final int batch;
  private final LowerBounds bounds;

  /**
   * @param room how many queries fit into one computation, at least 1
   */
  BoundStep(Rung rung, LiveNetwork live, int room, LowerBounds bounds) {
    this.rung = rung;
    this.live = live;
    this.batch = RowGroups.within(room);
    this.bounds = bounds;
  }

  /** A way to bound margins from below. */
  @FunctionalInterface
  interface LowerBounds {
    /**
     * Lower bounds of all margins.
     *
     * @param input where the inputs of the batch may be
     * @param labels {@code int64 [N]}
     * @return {@code [N, K]}
     */
    NDArray margins(LiveNetwork live, InputSet input, Guarantee guarantee, NDArray labels);
  }

  @Override
  public Rung rung() {
    return rung;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public void answer(List<OpenQuery> queries, Question question) {
    int classes = live.network().classes();
    double[] values = compute(queries, question);
    for (int n = 0; n < queries.size(); n++) {
      OpenQuery open = queries.get(n);
      double[] row = Arrays.copyOfRange(values, n * classes, (n + 1) * classes);
      judge(rung, open, MarginBounds.of(open.query().label(), row));
    }
  }

  /** The same as below for bounds that anybody finds again. */
  static void judge(Rung rung, OpenQuery open, MarginBounds fresh) {
    judge(
        rung,
        open,
        fresh,
        other -> Optional.of(new MarginProof.ByBounds(rung, fresh.against(other))));
  }

  /**
   * Adds bounds to what is known of a query, and ends it if they answer it.
   *
   * @param how what proves the margin to a class, if it can be told; only asked where it is kept
   */
  static void judge(
      Rung rung, OpenQuery open, MarginBounds fresh, IntFunction<Optional<MarginProof>> how) {
    if (!fresh.finite()) {
      open.end(new Outcome.Unknown(rung, "numeric failure: a bound is not finite"));
      return;
    }
    open.proved(fresh, how);
    open.bounded(fresh);
    if (open.contradicts(fresh)) {
      String reason = "a lower bound is above the margin at the input itself";
      open.end(new Outcome.Conflict(rung, reason, Optional.empty()));
      return;
    }
    MarginBounds known = open.margins().orElseThrow();
    if (known.certify()) {
      open.end(new Outcome.Certified(rung, known, open.proof()));
    }
  }

  // What holds for every cell of a set holds for the set.
  private double[] compute(List<OpenQuery> queries, Question question) {
    double[] lowest = compute(queries, question, question.set().cell(0));
    for (long number = 1; number < question.set().cells(); number++) {
      double[] other = compute(queries, question, question.set().cell(number));
      for (int i = 0; i < lowest.length; i++) {
        lowest[i] = Math.min(lowest[i], other[i]);
      }
    }
    return lowest;
  }

  private double[] compute(List<OpenQuery> queries, Question question, Cell cell) {
    try (Scope scope = live.scope().child("bounds")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork inner = live.detached(scope);
            List<OpenQuery> rows = filled(queries);
            List<float[]> inputs = rows.stream().map(open -> open.query().x()).toList();
            NDArray x = Inputs.tensor(scope, inner, Inputs.concatenate(inputs), rows.size());
            int[] labels = rows.stream().mapToInt(open -> open.query().label()).toArray();
            InputSet input = InputSet.around(x, question.set(), cell);
            return bounds
                .margins(inner, input, question.guarantee(), scope.labels(labels))
                .toDoubleArray();
          });
    }
  }

  private List<OpenQuery> filled(List<OpenQuery> queries) {
    return batch == 1
        ? queries
        : Arrays.stream(RowGroups.filled(IntStream.range(0, queries.size()).toArray()))
            .mapToObj(queries::get)
            .toList();
  }
}
