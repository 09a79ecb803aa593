package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class AutogradTest {
  @Test
  void recording_nested_setsAndRestoresTheMode() {
    boolean before = Autograd.isRecording();
    List<Boolean> seen = new ArrayList<>();
    Autograd.recording(
        () -> {
          seen.add(Autograd.isRecording());
          Autograd.withoutGradients(() -> seen.add(Autograd.isRecording()));
          return seen.add(Autograd.isRecording());
        });
    assertThat(seen).containsExactly(true, false, true);
    assertThat(Autograd.isRecording()).isEqualTo(before);
  }

  @Test
  void recording_workThrows_restoresTheMode() {
    boolean restored =
        Autograd.withoutGradients(
            () -> {
              assertThatThrownBy(
                      () ->
                          Autograd.recording(
                              () -> {
                                throw new IllegalStateException("planned");
                              }))
                  .hasMessage("planned");
              return !Autograd.isRecording();
            });
    assertThat(restored).isTrue();
  }

  @Test
  void gradient_unusedLeaf_isZero() {
    try (Scope scope = Scope.open("test")) {
      NDArray used = scope.leaf(scope.tensor(new double[] {2, 3}, DataType.FLOAT64, 2));
      NDArray unused = scope.leaf(scope.tensor(new double[] {5}, DataType.FLOAT64, 1));
      List<NDArray> gradients =
          Autograd.recording(() -> Autograd.gradients(used.mul(used).sum(), List.of(used, unused)));
      assertThat(HostTensor.copyOf(gradients.get(0)).toDoubles()).containsExactly(4, 6);
      assertThat(HostTensor.copyOf(gradients.get(1)).toDoubles()).containsExactly(0);
    }
  }

  @Test
  void backward_withSeedTwice_addsUp() {
    try (Scope scope = Scope.open("test")) {
      NDArray leaf = scope.leaf(scope.tensor(new double[] {2, 3}, DataType.FLOAT64, 2));
      NDArray seed = scope.tensor(new double[] {10, 100}, DataType.FLOAT64, 2);
      Autograd.recording(
          () -> {
            NDArray square = leaf.mul(leaf);
            Autograd.backward(square, seed, true);
            Autograd.backward(square, seed, false);
            return square;
          });
      assertThat(HostTensor.copyOf(Autograd.gradient(leaf)).toDoubles()).containsExactly(80, 1200);
    }
  }

  @Test
  void withoutGradients_operations_buildNoGraph() {
    try (Scope scope = Scope.open("test")) {
      NDArray leaf = scope.leaf(scope.tensor(new double[] {2}, DataType.FLOAT64, 1));
      NDArray result = Autograd.withoutGradients(() -> leaf.mul(leaf).sum());
      assertThatThrownBy(() -> Autograd.recording(() -> backward(result)))
          .hasMessageContaining("does not require grad");
    }
  }

  @Test
  void recording_twoThreadsAtOnce_equalsOneAfterTheOtherBitForBit() throws Exception {
    List<HostTensor> sequential = List.of(gradientOf(1), gradientOf(2));
    CyclicBarrier together = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<HostTensor>> concurrent = new ArrayList<>();
      for (long seed = 1; seed <= 2; seed++) {
        long own = seed;
        concurrent.add(
            threads.submit(
                () -> {
                  together.await();
                  return gradientOf(own);
                }));
      }
      assertThat(concurrent.get(0).get()).isEqualTo(sequential.get(0));
      assertThat(concurrent.get(1).get()).isEqualTo(sequential.get(1));
    } finally {
      threads.shutdownNow();
    }
  }

  // Many small recorded steps, interleaved with unrecorded ones, summed up.
  private static HostTensor gradientOf(long seed) {
    try (Scope scope = Scope.open("test")) {
      RandomGenerator random = CounterRandom.of(seed, 0, 0, CounterRandom.Role.DATA);
      NDArray w = CounterRandom.normal(random, scope, DataType.FLOAT32, 6, 6);
      for (int i = 0; i < 60; i++) {
        NDArray leaf = scope.leaf(w);
        NDArray x = CounterRandom.normal(random, scope, DataType.FLOAT32, 4, 6);
        NDArray gradient =
            Autograd.recording(
                () -> {
                  NDArray loss = Scalars.positivePart(x.matMul(leaf)).square().mean();
                  return Autograd.gradients(loss, List.of(leaf)).get(0);
                });
        NDArray before = w;
        w =
            Autograd.withoutGradients(
                () -> before.stopGradient().sub(Scalars.times(gradient, 0.1)));
      }
      return HostTensor.copyOf(w);
    }
  }

  private static NDArray backward(NDArray loss) {
    Autograd.backward(loss);
    return loss;
  }
}
