package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class HostTensorTest {
  @Test
  void copyOf_deviceTensor_roundTripsEveryBit() {
    double[] odd = {0.1, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 1e300};
    HostTensor wide = HostTensor.of(odd, 2, 3);
    HostTensor narrow = HostTensor.of(new float[] {0.1f, -0f, Float.NaN, Float.MIN_VALUE}, 4);
    try (Scope scope = Scope.open("test")) {
      assertThat(HostTensor.copyOf(scope.tensor(wide))).isEqualTo(wide);
      assertThat(HostTensor.copyOf(scope.tensor(narrow))).isEqualTo(narrow);
    }
  }

  @Test
  void equals_otherBitsShapeOrType_differ() {
    HostTensor tensor = HostTensor.of(new float[] {0f, 1f}, 2);
    assertThat(tensor).isEqualTo(HostTensor.of(new float[] {0f, 1f}, 2));
    assertThat(tensor).hasSameHashCodeAs(HostTensor.of(new float[] {0f, 1f}, 2));
    assertThat(tensor).isNotEqualTo(HostTensor.of(new float[] {-0f, 1f}, 2));
    assertThat(tensor).isNotEqualTo(HostTensor.of(new float[] {0f, 1f}, 2, 1));
    assertThat(tensor).isNotEqualTo(HostTensor.of(new double[] {0, 1}, 2));
  }

  @Test
  void of_sourceChangedLater_staysAsItWas() {
    byte[] bytes = HostTensor.of(new float[] {1, 2}, 2).toByteArray();
    HostTensor tensor = HostTensor.of(DataType.FLOAT32, new Shape(2), bytes);
    bytes[0] = 77;
    tensor.toByteArray()[1] = 77;
    assertThat(tensor.toFloats()).containsExactly(1, 2);
  }

  @Test
  void of_bytesThatDoNotFit_areRefused() {
    assertThatThrownBy(() -> HostTensor.of(DataType.FLOAT32, new Shape(3), new byte[8]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(3)");
  }

  @Test
  void as_otherType_convertsExactlyWhereItCan() {
    HostTensor narrow = HostTensor.of(new float[] {0.1f, -3}, 2);
    HostTensor wide = narrow.as(DataType.FLOAT64);
    assertThat(wide.toDoubles()).containsExactly(0.1f, -3);
    assertThat(wide.as(DataType.FLOAT32)).isEqualTo(narrow);
    assertThat(narrow.as(DataType.FLOAT32)).isSameAs(narrow);
  }

  @Test
  void toDoubles_labels_areTheirValues() {
    try (Scope scope = Scope.open("test")) {
      assertThat(HostTensor.copyOf(scope.labels(3, 1)).toDoubles()).containsExactly(3, 1);
    }
  }
}
