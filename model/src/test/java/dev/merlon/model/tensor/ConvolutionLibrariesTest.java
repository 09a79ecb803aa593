package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * On a processor on which oneDNN is wrong these are red without what {@link TensorRuntime} does.
 */
class ConvolutionLibrariesTest {
  private record Shapes(
      int batch, int in, int out, int size, int kernel, int stride, int padding) {}

  @Test
  void convolution_anyShape_hasTheValuesAndGradientsOfFloat64() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      int size = 5 + random.nextInt(6);
      int kernel = 1 + random.nextInt(5);
      Shapes shapes =
          new Shapes(
              1 + random.nextInt(16),
              1 + random.nextInt(4),
              1 + random.nextInt(40),
              size,
              kernel,
              1 + random.nextInt(2),
              random.nextInt(kernel));
      long seed = random.nextLong();
      List<double[]> single = valuesAndGradients(shapes, DataType.FLOAT32, seed);
      List<double[]> right = valuesAndGradients(shapes, DataType.FLOAT64, seed);
      for (int part = 0; part < right.size(); part++) {
        assertThat(ConvolutionLibraries.near(right.get(part), single.get(part)))
            .as("%s, part %s", shapes, part)
            .isTrue();
      }
    }
  }

  @Test
  void near_aChannelLeftOut_isFar() {
    double[] right = {1, -2, 3, 0.5};
    assertThat(ConvolutionLibraries.near(right, right)).isTrue();
    assertThat(ConvolutionLibraries.near(right, new double[] {1, -2, 3, 0.49})).isFalse();
    assertThat(ConvolutionLibraries.near(right, new double[] {1, -2, Double.NaN, 0.5})).isFalse();
  }

  @Test
  void settle_again_saysTheSameAndLeavesNothingBehind() {
    Optional<String> remark = TensorRuntime.remark();
    // Whatever was wrong has been switched off when the engine was loaded.
    assertThat(ConvolutionLibraries.settle()).isEmpty();
    assertThat(TensorRuntime.remark()).isEqualTo(remark);
    assertThat(NativeMemory.openScopes()).doesNotContainKey("convolution-check");
  }

  private static List<double[]> valuesAndGradients(Shapes of, DataType type, long seed) {
    Random random = new Random(seed);
    try (Scope scope = Scope.open("convolution-libraries-test")) {
      return Autograd.recording(
          () -> {
            NDArray input =
                scope.leaf(tensor(scope, random, type, of.batch(), of.in(), of.size(), of.size()));
            NDArray weight =
                scope.leaf(
                    tensor(scope, random, type, of.out(), of.in(), of.kernel(), of.kernel()));
            NDArray bias = tensor(scope, random, type, of.out());
            NDArray output =
                Convolution.forward(
                    input,
                    weight,
                    Optional.of(bias),
                    Geometry.of(Extent.square(of.stride()), Extent.square(of.padding())));
            Autograd.backward(output.sin().sum());
            return List.of(
                HostTensor.copyOf(output).toDoubles(),
                HostTensor.copyOf(Autograd.gradient(input)).toDoubles(),
                HostTensor.copyOf(Autograd.gradient(weight)).toDoubles());
          });
    }
  }

  private static NDArray tensor(Scope scope, Random random, DataType type, long... shape) {
    int count = 1;
    for (long extent : shape) {
      count *= (int) extent;
    }
    return scope.tensor(random.doubles(count, -1, 1).toArray(), type, shape);
  }
}
