package dev.merlon.model.training;

import java.util.List;

/**
 * The batch of a step on the device with the points its attacks found, cut into its micro-batches:
 * a handle for everybody but the learner that made it. Closed by the learner at the end of its
 * step, or by {@link #close} when the step is given up before its forward pass.
 *
 * @param parts the micro-batches in order; at least one
 */
public record AttackedStep(List<AttackedBatch> parts) implements AutoCloseable {
  /** Keeps a copy of the list. */
  public AttackedStep {
    parts = List.copyOf(parts);
  }

  /** Number of images. */
  public int size() {
    return parts.stream().mapToInt(AttackedBatch::size).sum();
  }

  @Override
  public void close() {
    parts.forEach(AttackedBatch::close);
  }
}
