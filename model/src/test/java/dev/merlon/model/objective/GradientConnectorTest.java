package dev.merlon.model.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Derivatives of points in boxes from 1 to 3, or of no width. */
class GradientConnectorTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-5);

  // z, then dz/dl and dz/du of the paper's formulas.
  @ParameterizedTest
  @CsvSource({
    "1,   1, 1,    0",
    "1,   3, 0,    1",
    "1,   2, 0.5,  0.5",
    "1, 1.5, 0.75, 0.25",
    "0.5, 1, 1,    0",
    "0.5, 1.5, 0.5, 0",
    "0.5, 1.9, 0.1, 0",
    "0.5, 2.5, 0,  0.5",
    "0.5, 3, 0,    1",
    "0.25, 2, 0,   0",
    "0,   1, 1,    0",
    "0,   1.001, 0, 0",
    "0,   2, 0,    0",
    "0,   3, 0,    1"
  })
  void connected_pointInABox_hasThePapersDerivatives(
      double constant, double point, double ofLower, double ofUpper) {
    assertThat(derivatives(constant, 1, point, 3))
        .containsExactly(new double[] {ofLower, ofUpper}, CLOSE);
  }

  @ParameterizedTest
  @CsvSource({"0", "0.25", "0.5", "1"})
  void connected_boxWithoutWidth_sharesEqually(double constant) {
    assertThat(derivatives(constant, 2, 2, 2)).containsExactly(new double[] {0.5, 0.5}, CLOSE);
  }

  @Test
  void connected_severalPoints_addUpInTheirBox() {
    assertThat(derivatives(0.5, 1, new double[] {1, 1.5, 3}, 3))
        .containsExactly(new double[] {1.5, 1}, CLOSE);
  }

  @Test
  void of_settings_areTheirConstants() {
    assertThat(connector("rectified-linear")).isEqualTo(new GradientConnector(0.25));
    assertThat(connector("linear")).isEqualTo(new GradientConnector(1));
    assertThat(connector("binary")).isEqualTo(new GradientConnector(0));
  }

  private static GradientConnector connector(String word) {
    return GradientConnector.of(
        SampleRun.settings(
                "objective.kind=taps",
                "objective.taps.connector=" + word,
                "objective.taps.connector-constant=0.25")
            .objective()
            .latent()
            .orElseThrow());
  }

  private static double[] derivatives(double constant, double lower, double point, double upper) {
    return derivatives(constant, lower, new double[] {point}, upper);
  }

  private static double[] derivatives(
      double constant, double lower, double[] points, double upper) {
    try (Scope scope = Scope.open("test")) {
      return Autograd.recording(
          () -> {
            NDArray l = scope.leaf(scope.tensor(new double[] {lower}, DataType.FLOAT64, 1, 1));
            NDArray u = scope.leaf(scope.tensor(new double[] {upper}, DataType.FLOAT64, 1, 1));
            NDArray z = scope.tensor(points, DataType.FLOAT64, 1, points.length, 1);
            NDArray connected =
                new GradientConnector(constant).connected(z, Box.between(l, u), scope);
            assertThat(HostTensor.copyOf(connected).toDoubles()).isEqualTo(points);
            Autograd.backward(connected.sum());
            return new double[] {
              Autograd.gradient(l).toDoubleArray()[0], Autograd.gradient(u).toDoubleArray()[0]
            };
          });
    }
  }
}
