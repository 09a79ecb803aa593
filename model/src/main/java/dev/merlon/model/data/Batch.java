package dev.merlon.model.data;

import dev.merlon.model.data.SampleOrder.Cursor;

/**
 * The images of one step in Java memory.
 *
 * @param cursor the place in training
 * @param globalStep steps of the run before this one
 * @param shape shape of one image
 * @param pixels {@code [N, C, H, W]}, row-major, in {@code [0,1]} before normalisation; not to be
 *     changed
 * @param labels {@code [N]}; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once and never compared.
public record Batch(
    Cursor cursor, long globalStep, ImageShape shape, float[] pixels, int[] labels) {
  /** Checks that pixels and labels fit. */
  public Batch {
    if (pixels.length != labels.length * shape.elements() || labels.length == 0) {
      throw new IllegalArgumentException(
          "a batch of "
              + labels.length
              + " labels and "
              + pixels.length
              + " pixels does not fit "
              + shape);
    }
  }

  /** The batch of a place in training. */
  public static Batch of(Dataset data, Cursor cursor, long globalStep, int[] indices) {
    float[] pixels = new float[indices.length * data.shape().elements()];
    data.fill(indices, pixels);
    return new Batch(cursor, globalStep, data.shape(), pixels, data.labels(indices));
  }

  /** Number of images. */
  public int size() {
    return labels.length;
  }
}
