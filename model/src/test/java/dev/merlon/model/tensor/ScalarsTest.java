package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalarsTest {
  private static final double[] X = {-2, -0.5, 0, 0.25, 3};

  /** What each operation gives and its derivative, at {@link #X} with the number 0.25. */
  @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
  enum Case {
    TIMES(Scalars::times, x -> x * 0.25, x -> 0.25),
    OVER(Scalars::over, x -> x / 0.25, x -> 4),
    AT_LEAST(Scalars::atLeast, x -> Math.max(x, 0.25), x -> x == 0.25 ? 0.5 : x > 0.25 ? 1 : 0),
    AT_MOST(Scalars::atMost, x -> Math.min(x, 0.25), x -> x == 0.25 ? 0.5 : x < 0.25 ? 1 : 0),
    WITHIN(
        (x, v) -> Scalars.within(x, -1, v),
        x -> Math.max(-1, Math.min(x, 0.25)),
        x -> x == 0.25 ? 0.5 : x > -1 && x < 0.25 ? 1 : 0),
    ONE_MINUS((x, v) -> Scalars.oneMinus(x), x -> 1 - x, x -> -1),
    INVERSE((x, v) -> Scalars.inverse(x.sub(5)), x -> 1 / (x - 5), x -> -1 / ((x - 5) * (x - 5))),
    POSITIVE_PART((x, v) -> Scalars.positivePart(x), x -> Math.max(x, 0), x -> x > 0 ? 1 : 0);

    private final BiFunction<NDArray, Double, NDArray> operation;
    private final DoubleUnaryOperator value;
    private final DoubleUnaryOperator derivative;

    Case(
        BiFunction<NDArray, Double, NDArray> operation,
        DoubleUnaryOperator value,
        DoubleUnaryOperator derivative) {
      this.operation = operation;
      this.value = value;
      this.derivative = derivative;
    }
  }

  @ParameterizedTest
  @EnumSource
  void operation_float64_givesValueAndDerivative(Case operation) {
    assertOperation(operation, DataType.FLOAT64, 1e-15);
  }

  @ParameterizedTest
  @EnumSource
  void operation_float32_keepsTheTypeAndGivesValueAndDerivative(Case operation) {
    assertOperation(operation, DataType.FLOAT32, 1e-6);
  }

  private static void assertOperation(Case operation, DataType type, double tolerance) {
    try (Scope scope = Scope.open("test")) {
      NDArray leaf = scope.leaf(scope.tensor(X, type, X.length));
      Autograd.recording(
          () -> {
            NDArray result = operation.operation.apply(leaf, 0.25);
            assertThat(result.getDataType()).isEqualTo(type);
            assertClose(result, Arrays.stream(X).map(operation.value).toArray(), tolerance);
            Autograd.backward(result.sum());
            return result;
          });
      double[] expected = Arrays.stream(X).map(operation.derivative).toArray();
      assertClose(Autograd.gradient(leaf), expected, tolerance);
    }
  }

  // The engine's own methods with a Number leave the number in Java memory that is freed with the
  // next collection, before the backward pass reads it.
  @Test
  void backward_afterGarbageCollection_stillSeesTheNumbers() {
    int operations = 200;
    try (Scope scope = Scope.open("test")) {
      NDArray leaf = scope.leaf(scope.tensor(new double[] {1, 1, 1}, DataType.FLOAT32, 3));
      Autograd.recording(
          () -> {
            NDArray sum = leaf.zerosLike();
            for (int i = 0; i < operations; i++) {
              sum = sum.add(Scalars.over(Scalars.times(leaf, 6), 3));
            }
            overwriteFreedMemory();
            Autograd.backward(sum.sum());
            return sum;
          });
      double each = 2 * operations;
      assertClose(Autograd.gradient(leaf), new double[] {each, each, each}, 1e-3);
    }
  }

  private static void overwriteFreedMemory() {
    List<ByteBuffer> garbage = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      System.gc();
      for (int i = 0; i < 20_000; i++) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(8);
        buffer.putDouble(0, Double.NaN);
        garbage.add(buffer);
      }
    }
    assertThat(garbage).isNotEmpty();
  }

  private static void assertClose(NDArray actual, double[] expected, double tolerance) {
    assertThat(HostTensor.copyOf(actual).toDoubles())
        .containsExactly(expected, Offset.offset(tolerance));
  }
}
