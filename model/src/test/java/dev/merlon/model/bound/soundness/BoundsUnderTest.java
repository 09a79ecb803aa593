package dev.merlon.model.bound.soundness;

import java.util.Map;

/** A way to bound a network, judged by the suite. */
interface BoundsUnderTest {
  /**
   * Lower bounds of the margins of the first {@code samples} samples over their balls.
   *
   * @return {@code [samples][K]}, 0 in the label's column
   */
  double[][] margins(OpenCase open, double eps, int samples);

  /** Bounds of values of the network for all samples, by number of the value. */
  Map<Integer, HostBox> boxes(OpenCase open, double eps);

  /** Margins and boxes of all samples, from one computation where both come out of it. */
  default Both both(OpenCase open, double eps) {
    return new Both(margins(open, eps, open.samples()), boxes(open, eps));
  }

  /**
   * Bounds of margins and of values.
   *
   * @param margins as from {@link #margins}, of all samples
   * @param boxes as from {@link #boxes}
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Both(double[][] margins, Map<Integer, HostBox> boxes) {}
}
