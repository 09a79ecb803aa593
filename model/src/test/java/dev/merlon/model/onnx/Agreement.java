package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

/** Comparison of logits from two interpretations of one model. */
final class Agreement {
  private Agreement() {}

  /** Fails unless all logits differ by at most {@code tolerance}, in absolute terms. */
  static void assertClose(double[][] actual, double[][] expected, double tolerance) {
    assertThat(actual).hasNumberOfRows(expected.length);
    double worst = 0;
    for (int row = 0; row < expected.length; row++) {
      assertThat(actual[row]).hasSameSizeAs(expected[row]);
      for (int k = 0; k < expected[row].length; k++) {
        worst = Math.max(worst, Math.abs(actual[row][k] - expected[row][k]));
      }
    }
    assertThat(worst).as("largest difference of logits").isLessThanOrEqualTo(tolerance);
  }
}
