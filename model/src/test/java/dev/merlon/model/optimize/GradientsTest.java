package dev.merlon.model.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.sample.Present;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GradientsTest {
  private static final Offset<Double> TINY = Offset.offset(1e-12);

  @Test
  void norm_severalTensors_isThatOfAllEntries() {
    try (Scope scope = Scope.open("test")) {
      assertThat(gradients(scope, DataType.FLOAT64).norm()).isCloseTo(13, TINY);
      assertThat(gradients(scope, DataType.FLOAT32).norm()).isCloseTo(13, TINY);
    }
  }

  @Test
  void norm_hugeFloat32Entries_doesNotOverflow() {
    try (Scope scope = Scope.open("test")) {
      NDArray huge = scope.tensor(new double[] {3e30, 4e30}, DataType.FLOAT32, 2);
      assertThat(new Gradients(Map.of("a", huge)).norm()).isCloseTo(5e30, Offset.offset(1e24));
    }
  }

  @Test
  void norm_notANumber_isNotFinite() {
    try (Scope scope = Scope.open("test")) {
      NDArray bad = scope.tensor(new double[] {1, Double.NaN}, DataType.FLOAT32, 2);
      assertThat(new Gradients(Map.of("a", bad)).norm()).isNaN();
    }
  }

  @Test
  void clipped_aboveTheLimit_isScaledAsPyTorchScales() {
    try (Scope scope = Scope.open("test")) {
      Gradients all = gradients(scope, DataType.FLOAT64);
      Gradients clipped = all.clipped(all.norm(), 2);
      double scale = 2 / (13 + 1e-6);
      assertThat(HostTensor.copyOf(Present.in(clipped.byName(), "a")).toDoubles())
          .containsExactly(new double[] {3 * scale, -4 * scale}, TINY);
      assertThat(HostTensor.copyOf(Present.in(clipped.byName(), "b")).toDoubles())
          .containsExactly(new double[] {12 * scale}, TINY);
      assertThat(clipped.norm()).isCloseTo(2, Offset.offset(1e-6));
      assertThat(all.norm()).isCloseTo(13, TINY);
    }
  }

  @Test
  void clipped_belowTheLimitOrWithoutOne_isUnchanged() {
    try (Scope scope = Scope.open("test")) {
      Gradients all = gradients(scope, DataType.FLOAT32);
      assertThat(all.clipped(13, 13.1)).isSameAs(all);
      assertThat(all.clipped(13, 0)).isSameAs(all);
    }
  }

  private static Gradients gradients(Scope scope, DataType type) {
    Map<String, NDArray> byName = new LinkedHashMap<>();
    byName.put("a", scope.tensor(new double[] {3, -4}, type, 2));
    byName.put("b", scope.tensor(new double[] {12}, type, 1, 1));
    return new Gradients(byName);
  }
}
