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
}
