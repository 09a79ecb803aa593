package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.tensor.Scope;
import java.util.List;

/**
 * A batch on the device with the points its attacks found: a handle for everybody but the learner
 * that made it. Closed by the learner at the end of its step, or by {@link #close} when the step is
 * given up before its forward pass.
 */
public final class AttackedBatch implements AutoCloseable {
  private final Scope scope;
  private final NDArray x;
  private final NDArray labels;
  private final Plan plan;
  private final List<NDArray> points;

  AttackedBatch(Scope scope, NDArray x, NDArray labels, Plan plan, List<NDArray> points) {
    this.scope = scope;
    this.x = x;
    this.labels = labels;
    this.plan = plan;
    this.points = List.copyOf(points);
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

  /** Number of images. */
  public int size() {
    return Math.toIntExact(x.getShape().get(0));
  }

  @Override
  public void close() {
    scope.close();
  }
}
