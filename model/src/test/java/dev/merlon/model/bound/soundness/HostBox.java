package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.tensor.HostTensor;

/** Bounds of one value for a batch of samples, in float64 in Java memory. */
final class HostBox {
  private final double[][] lower;
  private final double[][] upper;

  /**
   * Bounds by sample.
   *
   * @param lower {@code [N][width]}
   * @param upper {@code [N][width]}
   */
  HostBox(double[][] lower, double[][] upper) {
    this.lower = lower;
    this.upper = upper;
  }

  static HostBox of(Box box) {
    return new HostBox(rows(box.lower()), rows(box.upper()));
  }

  double[][] lower() {
    return lower;
  }

  double[][] upper() {
    return upper;
  }

  /** A tensor {@code [N, ...]} as one array for each sample. */
  static double[][] rows(NDArray perSample) {
    double[] flat = HostTensor.copyOf(perSample).toDoubles();
    int samples = Math.toIntExact(perSample.getShape().get(0));
    int width = flat.length / samples;
    double[][] rows = new double[samples][width];
    for (int n = 0; n < samples; n++) {
      System.arraycopy(flat, n * width, rows[n], 0, width);
    }
    return rows;
  }
}
