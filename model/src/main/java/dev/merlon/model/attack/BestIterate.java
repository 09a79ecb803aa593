package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.Optional;

/**
 * The best iterate of each sample among those offered: of the highest rank, among equal ranks of
 * the highest loss, among equal losses the first. Owns its tensors through its scope.
 */
final class BestIterate {
  private final Scope scope;
  private Optional<Iterate> best = Optional.empty();

  /** Keeps what it needs in {@code scope}. */
  BestIterate(Scope scope) {
    this.scope = scope;
  }

  /**
   * One point per sample and what it is worth.
   *
   * @param point {@code [N, ...]}
   * @param loss {@code [N]}
   * @param rank {@code [N]}
   */
  record Iterate(NDArray point, NDArray loss, NDArray rank) {}

  /** Takes over the samples for which {@code now} is better. Temporaries go to {@code work}. */
  void offer(Iterate now, Scope work) {
    Iterate kept = best.map(before -> better(before, now, work)).orElse(now);
    Iterate owned =
        new Iterate(
            scope.constant(kept.point()), scope.constant(kept.loss()), scope.constant(kept.rank()));
    best.ifPresent(BestIterate::close);
    best = Optional.of(owned);
  }

  /** What is best so far. */
  Iterate get() {
    return best.orElseThrow();
  }

  private static Iterate better(Iterate before, Iterate now, Scope work) {
    NDArray rank = work.constant(now.rank());
    NDArray sameRank = rank.eq(before.rank());
    NDArray improved =
        rank.gt(before.rank())
            .logicalOr(sameRank.logicalAnd(work.constant(now.loss()).gt(before.loss())));
    return new Iterate(
        choose(improved, now.point(), before.point()),
        choose(improved, now.loss(), before.loss()),
        choose(improved, now.rank(), before.rank()));
  }

  /** Per sample one of two, by a condition {@code [N]}, to whose scope the result attaches. */
  static NDArray choose(NDArray improved, NDArray chosen, NDArray otherwise) {
    Shape shape = chosen.getShape();
    long[] perSample = new long[shape.dimension()];
    Arrays.fill(perSample, 1);
    perSample[0] = shape.get(0);
    NDArray condition = improved.reshape(perSample).broadcast(shape);
    NDArray result = NDArrays.where(condition, chosen, otherwise);
    result.attach(improved.getManager());
    return result;
  }

  private static void close(Iterate iterate) {
    iterate.point().close();
    iterate.loss().close();
    iterate.rank().close();
  }
}
