package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.merlon.model.objective.BatchPart;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A micro-batch on the device with the points its attacks found, in a scope of its own; part of an
 * {@link AttackedStep}.
 */
public final class AttackedBatch implements AutoCloseable {
  private final Scope scope;
  private final NDArray x;
  private final NDArray labels;
  private final Plan plan;
  private final List<NDArray> points;
  private final BatchPart.Place place;
  private final Supplier<RandomGenerator> latentStarts;

  /** The only micro-batch of a step. */
  AttackedBatch(
      Scope scope,
      NDArray x,
      NDArray labels,
      Plan plan,
      List<NDArray> points,
      Supplier<RandomGenerator> latentStarts) {
    this(
        scope,
        x,
        labels,
        plan,
        points,
        BatchPart.Place.whole(Math.toIntExact(x.getShape().get(0))),
        latentStarts);
  }

  /**
   * @param points of each attack of the plan, with the rows of its share of the batch
   * @param place where the micro-batch lies in the batch of its step
   */
  AttackedBatch(
      Scope scope,
      NDArray x,
      NDArray labels,
      Plan plan,
      List<NDArray> points,
      BatchPart.Place place,
      Supplier<RandomGenerator> latentStarts) {
    this.place = place;
    this.scope = scope;
    this.x = x;
    this.labels = labels;
    this.plan = plan;
    this.points = List.copyOf(points);
    this.latentStarts = latentStarts;
  }

  /** Some of its images, in the same scope. The points are those of the whole batch. */
  AttackedBatch rows(int from, int to) {
    NDIndex rows = new NDIndex("{}:{}", (long) from, (long) to);
    return new AttackedBatch(
        scope,
        x.get(rows),
        labels.get(rows),
        plan,
        points,
        new BatchPart.Place(place.first() + from, to - from, place.total()),
        latentStarts);
  }

  Scope scope() {
    return scope;
  }

  NDArray x() {
    return x;
  }

  NDArray labels() {
    return labels;
  }

  Plan plan() {
    return plan;
  }

  List<NDArray> points() {
    return points;
  }

  BatchPart.Place place() {
    return place;
  }

  /** Where start points of a latent search come from; the same ones each time. */
  RandomGenerator latentStarts() {
    return latentStarts.get();
  }

  /** Number of images. */
  public int size() {
    return Math.toIntExact(x.getShape().get(0));
  }

  @Override
  public void close() {
    scope.close();
  }
}
