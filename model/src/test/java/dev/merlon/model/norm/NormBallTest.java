package dev.merlon.model.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NormBallTest {
  private static final double TOLERANCE = 1e-12;
  private Scope scope;

  static Stream<Norm> norms() {
    return Norms.ALL.stream();
  }

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, Double.NaN, Double.POSITIVE_INFINITY})
  void new_impossibleRadius_isRefused(double eps) {
    assertThatThrownBy(() -> new NormBall(new LInf(), eps, true))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void text_radiusThatWasWritten_keepsItsForm() {
    assertThat(NormBall.of(ThreatSpec.parse("linf:8/255"), true).text()).isEqualTo("linf:8/255");
    assertThat(new NormBall(new L2(), 0.5, false).text()).isEqualTo("l2:0.5");
  }

  @Test
  void canonical_radius_isExactWithItsClip() {
    assertThat(new NormBall(new LInf(), 0.3, true).canonical())
        .isEqualTo("linf:0x1.3333333333333p-2 clip [0,1]");
    assertThat(new NormBall(new L1(), 0.3, false).canonical())
        .isEqualTo("l1:0x1.3333333333333p-2 clip none");
  }

  @Test
  void canonical_differentWriting_isTheSameForEqualSetsOnly() {
    PerturbationSet fraction = NormBall.of(ThreatSpec.parse("linf:1/10"), true);
    PerturbationSet decimal = NormBall.of(ThreatSpec.parse("linf:0.1"), true);
    assertThat(fraction).isEqualTo(decimal);
    assertThat(fraction.canonical()).isEqualTo(decimal.canonical());
    assertThat(new NormBall(new LInf(), Math.nextUp(0.1), true).canonical())
        .isNotEqualTo(decimal.canonical());
  }

  @Test
  void corners_clipped_stayInTheUnitCube() {
    NormBall set = new NormBall(new L2(), 0.2, true);
    NDArray x = points(0, 0.5, 0.9);
    assertThat(doubles(set.lower(x)))
        .containsExactly(new double[] {0, 0.3, 0.7}, within(TOLERANCE));
    assertThat(doubles(set.upper(x)))
        .containsExactly(new double[] {0.2, 0.7, 1}, within(TOLERANCE));
  }

  @Test
  void corners_notClipped_areThoseOfTheBall() {
    NormBall set = new NormBall(new LInf(), 0.2, false);
    NDArray x = points(0, 0.9);
    assertThat(doubles(set.lower(x))).containsExactly(new double[] {-0.2, 0.7}, within(TOLERANCE));
    assertThat(doubles(set.upper(x))).containsExactly(new double[] {0.2, 1.1}, within(TOLERANCE));
  }

  @ParameterizedTest
  @MethodSource("norms")
  void minimum_wholeBall_isExact(Norm norm) {
    NormBall set = new NormBall(norm, 0.2, false);
    NDArray x = points(0.1, 0.9, 0.4);
    NDArray row = points(1, -2, 0.5);
    double[] lowest = doubles(row.mul(x.sub(norm.steepest(row).mul(0.2))).sum());
    assertThat(minimum(set, x, row)).isCloseTo(lowest[0], within(1e-9));
  }

  @Test
  void minimum_clippedMaximumNorm_isTheClippedBoxs() {
    NormBall set = new NormBall(new LInf(), 0.2, true);
    assertThat(minimum(set, points(0.1, 0.9), points(1, -2))).isCloseTo(0 - 2, within(TOLERANCE));
  }

  @Test
  void minimum_clippedEuclidean_isTheBoxsOrTheBalls() {
    NDArray bright = points(1, 1);
    NDArray upwards = points(-1, -1);
    NormBall clipped = new NormBall(new L2(), 0.2, true);
    NormBall whole = new NormBall(new L2(), 0.2, false);
    // Nothing is brighter than white, so the box decides; in the middle the ball does.
    assertThat(minimum(clipped, bright, upwards)).isCloseTo(-2, within(TOLERANCE));
    assertThat(minimum(whole, bright, upwards))
        .isCloseTo(-2 - 0.2 * Math.sqrt(2), within(TOLERANCE));
    NDArray gray = points(0.5, 0.5);
    assertThat(minimum(clipped, gray, upwards)).isEqualTo(minimum(whole, gray, upwards));
  }

  @Test
  void minimum_sharedRows_boundEverySample() {
    NormBall set = new NormBall(new L2(), 0.1, true);
    NDArray x = scope.tensor(new double[] {0.2, 0.3, 0.8, 0.9}, DataType.FLOAT64, 2, 2);
    NDArray shared = scope.tensor(new double[] {1, -1, 2, 0}, DataType.FLOAT64, 1, 2, 2);
    NDArray each = shared.repeat(0, 2);
    double[] expected = doubles(set.minimum(new Rows(each), x));
    assertThat(doubles(set.minimum(new Rows(shared), x)))
        .containsExactly(expected, within(TOLERANCE));
  }

  private static double minimum(NormBall set, NDArray x, NDArray row) {
    return doubles(set.minimum(Rows.flattened(row.expandDims(0)), x))[0];
  }

  private NDArray points(double... values) {
    return scope.tensor(values, DataType.FLOAT64, 1, values.length);
  }

  private static double[] doubles(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
