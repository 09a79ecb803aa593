package dev.merlon.model.golden;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;

/** Comparison with golden float64 values: 1e-9 relative plus 1e-12 of the largest magnitude. */
public final class GoldenValues {
  private static final double RELATIVE = 1e-9;
  private static final double OF_LARGEST = 1e-12;

  private GoldenValues() {}

  /** Fails unless {@code actual} has the expected shape and values. */
  public static void assertClose(String what, NDArray actual, HostTensor expected) {
    assertThat(actual.getShape()).as(what).isEqualTo(expected.shape());
    assertClose(what, HostTensor.copyOf(actual).toDoubles(), expected.toDoubles());
  }

  /** Fails unless all values agree. */
  public static void assertClose(String what, double[] actual, double[] expected) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("%s[%d]: %s, expected %s", what, i, actual[i], expected[i])
          .isLessThanOrEqualTo(RELATIVE * Math.abs(expected[i]) + OF_LARGEST * largest);
    }
  }

  /** Fails unless a scalar agrees; {@code scale} is the magnitude of what it was computed from. */
  public static void assertClose(String what, double actual, double expected, double scale) {
    assertThat(Math.abs(actual - expected))
        .as("%s: %s, expected %s", what, actual, expected)
        .isLessThanOrEqualTo(RELATIVE * Math.abs(expected) + OF_LARGEST * scale);
  }

  /**
   * Margins {@code [N, K]} with a column for the label, without that column, as golden cases hold
   * them.
   *
   * @return row-major {@code [N, K-1]}, other classes ascending
   */
  public static double[] withoutLabel(NDArray margins, int... labels) {
    double[] all = HostTensor.copyOf(margins).toDoubles();
    int classes = all.length / labels.length;
    double[] others = new double[all.length - labels.length];
    int next = 0;
    for (int i = 0; i < all.length; i++) {
      if (i % classes != labels[i / classes]) {
        others[next++] = all[i];
      } else {
        assertThat(all[i]).as("margin of the label's own class").isZero();
      }
    }
    return others;
  }
}
