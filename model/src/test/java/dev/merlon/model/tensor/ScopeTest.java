package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static final double[] VALUES = {1, 2, 3, 4};

  @Test
  void close_ownedTensors_areFreed() {
    Scope scope = Scope.open("test");
    NDArray tensor = scope.tensor(VALUES, DataType.FLOAT32, 4);
    NDArray result = tensor.add(tensor);
    scope.close();
    assertThat(tensor.isReleased()).isTrue();
    assertThat(result.isReleased()).isTrue();
  }

  @Test
  void close_twice_isHarmless() {
    Scope scope = Scope.open("test");
    scope.close();
    scope.close();
    assertThat(NativeMemory.openScopes()).doesNotContainKey("test");
  }

  @Test
  void constant_originalFreed_keepsTheValues() {
    assertSurvives(Scope::constant);
  }

  @Test
  void leaf_originalFreed_keepsTheValues() {
    assertSurvives(Scope::leaf);
  }

  @Test
  void view_originalFreed_keepsTheValues() {
    assertSurvives(Scope::view);
  }

  @Test
  void adopt_originalScopeClosed_keepsTheValues() {
    assertSurvives(Scope::adopt);
  }

  @Test
  void tensor_fromFloats_outlivesTheArray() {
    try (Scope scope = Scope.open("test")) {
      NDArray tensor = scope.tensor(new float[] {1, 2, 3, 4}, DataType.FLOAT32, 4);
      NDArray alias = scope.constant(tensor);
      tensor.close();
      overwriteFreedMemory();
      assertThat(HostTensor.copyOf(alias).toDoubles()).containsExactly(VALUES);
    }
  }

  @Test
  void tensor_fromHostTensorAndLabels_outliveTheirSource() {
    try (Scope scope = Scope.open("test")) {
      NDArray tensor = scope.tensor(HostTensor.of(VALUES, 2, 2));
      NDArray labels = scope.labels(7, 8, 9);
      NDArray tensorAlias = scope.constant(tensor);
      NDArray labelAlias = scope.constant(labels);
      tensor.close();
      labels.close();
      overwriteFreedMemory();
      assertThat(HostTensor.copyOf(tensorAlias)).isEqualTo(HostTensor.of(VALUES, 2, 2));
      assertThat(HostTensor.copyOf(labelAlias).toDoubles()).containsExactly(7, 8, 9);
    }
  }

  @Test
  void constant_ofALeaf_takesNoPartInGradients() {
    try (Scope scope = Scope.open("test")) {
      NDArray leaf = scope.leaf(scope.tensor(VALUES, DataType.FLOAT64, 4));
      NDArray constant = scope.constant(leaf);
      NDArray gradient =
          Autograd.recording(
              () -> Autograd.gradients(leaf.mul(constant).sum(), List.of(leaf)).get(0));
      assertThat(HostTensor.copyOf(gradient).toDoubles()).containsExactly(VALUES);
    }
  }

  @Test
  void view_ofALeaf_letsGradientsThrough() {
    try (Scope outer = Scope.open("test");
        Scope inner = outer.child("inner")) {
      NDArray leaf = outer.leaf(outer.tensor(VALUES, DataType.FLOAT64, 4));
      NDArray gradient =
          Autograd.recording(
              () -> {
                NDArray view = inner.view(leaf);
                return Autograd.gradients(view.mul(view).sum(), List.of(leaf)).get(0);
              });
      assertThat(HostTensor.copyOf(gradient).toDoubles()).containsExactly(2, 4, 6, 8);
    }
  }

  @Test
  void result_ofInnerAlias_belongsToTheInnerScope() {
    try (Scope outer = Scope.open("outer")) {
      NDArray longLived = outer.tensor(VALUES, DataType.FLOAT32, 4);
      int before = outer.liveTensors();
      try (Scope inner = outer.child("inner")) {
        NDArray result = inner.constant(longLived).add(longLived);
        assertThat(inner.liveTensors()).isEqualTo(2);
        assertThat(outer.liveTensors()).isEqualTo(before);
        assertThat(HostTensor.copyOf(result).toDoubles()).containsExactly(2, 4, 6, 8);
      }
      assertThat(outer.liveTensors()).isEqualTo(before);
      assertThat(longLived.isReleased()).isFalse();
    }
  }

  @Test
  void liveTensors_closedTensor_isNotCounted() {
    try (Scope scope = Scope.open("test")) {
      NDArray one = scope.tensor(VALUES, DataType.FLOAT32, 4);
      scope.tensor(VALUES, DataType.FLOAT32, 4);
      assertThat(scope.liveTensors()).isEqualTo(2);
      one.close();
      assertThat(scope.liveTensors()).isEqualTo(1);
    }
  }

  @Test
  void tensor_shapeThatDoesNotFit_isRefused() {
    try (Scope scope = Scope.open("test")) {
      assertThatThrownBy(() -> scope.tensor(new float[] {1}, DataType.FLOAT32, 3))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> scope.tensor(VALUES, DataType.FLOAT32, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("4 values");
    }
  }

  private interface Alias {
    NDArray of(Scope scope, NDArray value);
  }

  private static void assertSurvives(Alias alias) {
    try (Scope scope = Scope.open("test")) {
      Scope original = Scope.open("original");
      NDArray kept = alias.of(scope, original.tensor(VALUES, DataType.FLOAT64, 4));
      original.close();
      overwriteFreedMemory();
      assertThat(HostTensor.copyOf(kept).toDoubles()).containsExactly(VALUES);
    }
  }

  private static void overwriteFreedMemory() {
    System.gc();
    List<ByteBuffer> garbage = new ArrayList<>();
    try (Scope scope = Scope.open("garbage")) {
      for (int i = 0; i < 2_000; i++) {
        garbage.add(ByteBuffer.allocateDirect(32).putDouble(0, Double.NaN));
        scope.tensor(new double[] {-1, -1, -1, -1}, DataType.FLOAT64, 4);
      }
    }
    assertThat(garbage).isNotEmpty();
  }
}
