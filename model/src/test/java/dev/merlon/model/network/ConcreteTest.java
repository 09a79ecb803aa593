package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.sample.Present;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ConcreteTest {
  private static final Offset<Double> TINY = Offset.offset(1e-12);
  // Two images of two channels and two pixels each.
  private static final double[] X = {0.1, 0.3, 0.9, 0.5, 0.7, 0.2, 0.4, 1.0};

  @Test
  void clean_batchNormAfterImages_measuresEachChannelOverBatchAndPixels() {
    try (Scope scope = Scope.open("test")) {
      CleanForward clean = Autograd.withoutGradients(() -> clean(scope, DataType.FLOAT64));
      BatchStatistics measured = Present.in(clean.statistics(), "bn");
      double[] first = {0.1, 0.3, 0.7, 0.2};
      double[] second = {0.9, 0.5, 0.4, 1.0};
      assertThat(values(measured.mean()))
          .containsExactly(new double[] {mean(first), mean(second)}, TINY);
      assertThat(values(measured.variance()))
          .containsExactly(new double[] {biasedVariance(first), biasedVariance(second)}, TINY);
      assertThat(clean.counts()).containsExactly(Map.entry("bn", 4L));
    }
  }

  @Test
  void clean_logits_useTheBatchsStatistics() {
    try (Scope scope = Scope.open("test")) {
      CleanForward clean = Autograd.withoutGradients(() -> clean(scope, DataType.FLOAT64));
      double[] first = {0.1, 0.3, 0.7, 0.2};
      double[] second = {0.9, 0.5, 0.4, 1.0};
      double[] logits = values(clean.logits());
      // Logit k of an image is pixel k of its first channel plus pixel k of its second, normalised.
      for (int n = 0; n < 2; n++) {
        for (int k = 0; k < 2; k++) {
          double expected =
              normal(X[4 * n + k], first, 2, 0.5) + normal(X[4 * n + 2 + k], second, -1, 0.25);
          assertThat(logits[2 * n + k]).isCloseTo(expected, TINY);
        }
      }
    }
  }

  @Test
  void clean_float32_countsAndMeasuresTheSame() {
    try (Scope scope = Scope.open("test")) {
      CleanForward clean = Autograd.withoutGradients(() -> clean(scope, DataType.FLOAT32));
      assertThat(values(Present.in(clean.statistics(), "bn").mean())[1])
          .isCloseTo(0.7, Offset.offset(1e-6));
    }
  }

  @Test
  void clean_repeated_changesNothing() {
    try (Scope scope = Scope.open("test")) {
      Autograd.withoutGradients(
          () -> {
            LiveNetwork live = live(scope, DataType.FLOAT64);
            NDArray x = scope.tensor(X, DataType.FLOAT64, 2, 2, 1, 2);
            HostTensor running = HostTensor.copyOf(Present.in(live.tensors(), "bn.running_mean"));
            HostTensor before = HostTensor.copyOf(Concrete.logits(live, x));
            Concrete.clean(live, x);
            assertThat(HostTensor.copyOf(Present.in(live.tensors(), "bn.running_mean")))
                .isEqualTo(running);
            assertThat(HostTensor.copyOf(Concrete.logits(live, x))).isEqualTo(before);
            return live;
          });
    }
  }

  @Test
  void logits_runningStatistics_areUsedInEvaluation() {
    try (Scope scope = Scope.open("test")) {
      double[] logits =
          Autograd.withoutGradients(
              () ->
                  values(
                      Concrete.logits(
                          live(scope, DataType.FLOAT64),
                          scope.tensor(X, DataType.FLOAT64, 2, 2, 1, 2))));
      double first = 2 * (X[0] - 0.3) / Math.sqrt(0.04 + 1e-5) + 0.5;
      double second = -(X[2] - 0.6) / Math.sqrt(0.09 + 1e-5) + 0.25;
      assertThat(logits[0]).isCloseTo(first + second, TINY);
    }
  }

  @Test
  void logits_residualSum_addsBothBranches() {
    Network.Builder builder = Network.builder(new Shape(2));
    int relu = builder.append("relu", new Relu());
    builder.add("sum", new Add(), 0, relu);
    Network network = builder.build();
    try (Scope scope = Scope.open("test")) {
      LiveNetwork live = LiveNetwork.over(network, Map.of(), scope, false);
      NDArray x = scope.tensor(new double[] {-1, 3}, DataType.FLOAT64, 1, 2);
      assertThat(values(Autograd.withoutGradients(() -> Concrete.logits(live, x))))
          .containsExactly(-1, 6);
    }
  }

  @Test
  void detached_aliases_receiveNoGradient() {
    try (Scope scope = Scope.open("test");
        Scope inner = scope.child("inner")) {
      Autograd.recording(
          () -> {
            LiveNetwork live =
                LiveNetwork.over(network(), owned(scope, DataType.FLOAT64), scope, true);
            NDArray x = inner.leaf(scope.tensor(X, DataType.FLOAT64, 2, 2, 1, 2));
            Autograd.backward(Concrete.logits(live.detached(inner), x).sum());
            assertThat(values(Autograd.gradient(x))).doesNotContain(0);
            assertThat(values(Autograd.gradient(Present.in(live.tensors(), "bn.weight"))))
                .containsOnly(0);
            return x;
          });
    }
  }

  private static CleanForward clean(Scope scope, DataType type) {
    return Concrete.clean(live(scope, type), scope.tensor(X, type, 2, 2, 1, 2));
  }

  private static LiveNetwork live(Scope scope, DataType type) {
    return LiveNetwork.over(network(), owned(scope, type), scope, false);
  }

  private static Network network() {
    Network.Builder builder = Network.builder(new Shape(2, 1, 2));
    builder.append("bn", new BatchNorm(2, 1e-5, 0.1));
    builder.append(
        "sum", new Conv2d(2, 1, Extent.square(1), Extent.square(1), Extent.square(0), false));
    builder.append("flatten", new Flatten());
    return builder.build();
  }

  private static Map<String, NDArray> owned(Scope scope, DataType type) {
    Map<String, NDArray> owned = new LinkedHashMap<>();
    owned.put("bn.weight", scope.tensor(new double[] {2, -1}, type, 2));
    owned.put("bn.bias", scope.tensor(new double[] {0.5, 0.25}, type, 2));
    owned.put("bn.running_mean", scope.tensor(new double[] {0.3, 0.6}, type, 2));
    owned.put("bn.running_var", scope.tensor(new double[] {0.04, 0.09}, type, 2));
    owned.put("sum.weight", scope.tensor(new double[] {1, 1}, type, 1, 2, 1, 1));
    return owned;
  }

  private static double normal(double x, double[] channel, double scale, double shift) {
    return scale * (x - mean(channel)) / Math.sqrt(biasedVariance(channel) + 1e-5) + shift;
  }

  private static double mean(double... values) {
    return List.of(values[0], values[1], values[2], values[3]).stream()
        .mapToDouble(v -> v)
        .average()
        .orElseThrow();
  }

  private static double biasedVariance(double... values) {
    double mean = mean(values);
    double sum = 0;
    for (double value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum / values.length;
  }

  private static double[] values(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
