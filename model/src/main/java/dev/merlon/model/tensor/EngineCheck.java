package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.failure.MerlonException;
import java.util.Arrays;

/**
 * One small computation whose answer is known: the product of two matrices of whole numbers, and
 * the gradient of the sum of its elements. Shows that the engine computes and differentiates on a
 * device at all.
 */
public final class EngineCheck {
  private static final double[] LEFT = {1, 2, 3, 4, 5, 6};
  private static final double[] RIGHT = {7, 8, 9, 10, 11, 12};
  private static final double[] PRODUCT = {58, 64, 139, 154};
  // d sum(A B) / dA has the row sums of B in every row.
  private static final double[] GRADIENT = {15, 19, 23, 15, 19, 23};

  private EngineCheck() {}

  /**
   * Runs it on the CPU in float32.
   *
   * @throws MerlonException (device) when the engine cannot be loaded or its answer is wrong
   */
  public static void run() {
    try (Scope scope = Scope.open("engine-check")) {
      NDArray left = scope.leaf(scope.tensor(LEFT, DataType.FLOAT32, 2, 3));
      NDArray right = scope.tensor(RIGHT, DataType.FLOAT32, 3, 2);
      Autograd.recording(
          () -> {
            NDArray product = left.matMul(right);
            require("a matrix product", PRODUCT, product);
            Autograd.backward(product.sum());
            require("its gradient", GRADIENT, Autograd.gradient(left));
            return product;
          });
    }
  }

  private static void require(String what, double[] expected, NDArray actual) {
    double[] values = HostTensor.copyOf(actual).toDoubles();
    if (!Arrays.equals(expected, values)) {
      throw MerlonException.device(
          "The engine computed "
              + what
              + " as "
              + Arrays.toString(values)
              + " instead of "
              + Arrays.toString(expected)
              + ".",
          "The native library does not work on this machine.");
    }
  }
}
