package dev.merlon.model.bound.soundness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.DataType;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.Norms;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two implementations of one definition agree, so that a mistake planted in one is that mistake.
 */
class DenseBoundsTest {
  private static final double TOLERANCE = 1e-9;

  static Stream<Arguments> kindsAndNorms() {
    return Stream.of(DenseBounds.Kind.values())
        .flatMap(kind -> Norms.ALL.stream().map(norm -> Arguments.of(kind, norm)));
  }

  @ParameterizedTest
  @MethodSource("kindsAndNorms")
  void bounds_withoutFault_agreeWithTheProduct(DenseBounds.Kind kind, Norm norm) {
    BoundsUnderTest dense = new DenseBounds(kind, Fault.NONE);
    BoundsUnderTest ours = ProductionBounds.valueOf(kind.name());
    SoundnessSuite.cases(norm, 0, 20, 2)
        .filter(spec -> spec.type() == DataType.FLOAT64)
        .forEach(spec -> compare(spec, dense, ours));
  }

  private static void compare(SoundnessCase spec, BoundsUnderTest dense, BoundsUnderTest ours) {
    try (OpenCase open = new OpenCase(spec)) {
      double eps = spec.norm().ballIsBox() ? 0.05 : 0.2;
      assertAgree(spec + " margins", dense.margins(open, eps, 2), ours.margins(open, eps, 2));
      Map<Integer, HostBox> expected = dense.boxes(open, eps);
      Map<Integer, HostBox> actual = ours.boxes(open, eps);
      assertThat(actual).containsOnlyKeys(expected.keySet());
      expected.forEach((value, box) -> assertAgree(spec, value, box, actual));
    }
  }

  private static void assertAgree(
      SoundnessCase spec, int value, HostBox expected, Map<Integer, HostBox> boxes) {
    HostBox actual = Objects.requireNonNull(boxes.get(value));
    assertAgree(spec + " lower " + value, expected.lower(), actual.lower());
    assertAgree(spec + " upper " + value, expected.upper(), actual.upper());
  }

  private static void assertAgree(String what, double[][] expected, double[][] actual) {
    for (int n = 0; n < expected.length; n++) {
      assertThat(actual[n]).as(what).containsExactly(expected[n], within(TOLERANCE));
    }
  }
}
