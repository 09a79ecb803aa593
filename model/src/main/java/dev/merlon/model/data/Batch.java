package dev.merlon.model.data;

import dev.merlon.model.data.SampleOrder.Cursor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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

  /**
   * Consecutive parts of nearly equal size, none of them larger than a limit.
   *
   * @param limit images of a part; at least 1
   */
  public List<Batch> parts(int limit) {
    int count = (size() + limit - 1) / limit;
    return IntStream.range(0, count)
        .mapToObj(i -> part((int) ((long) size() * i / count), (int) (size() * (i + 1L) / count)))
        .toList();
  }

  private Batch part(int from, int to) {
    if (from == 0 && to == size()) {
      return this;
    }
    int elements = shape.elements();
    return new Batch(
        cursor,
        globalStep,
        shape,
        Arrays.copyOfRange(pixels, from * elements, to * elements),
        Arrays.copyOfRange(labels, from, to));
  }

  /** Number of images. */
  public int size() {
    return labels.length;
  }
}
