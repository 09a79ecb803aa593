package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatentSplitTest {
  private static final String RESIDUAL =
      "network.layers=[{conv {out = 4, kernel = 3, padding = 1}}, relu,"
          + " {residual {body = [{conv {out = 4, kernel = 3, padding = 1}}, relu,"
          + " {conv {out = 4, kernel = 3, padding = 1}}]}}, relu, flatten, {linear {out = classes}}]";

  // CTBench's blocks "17 4", "13 8", "10 11" and "4 17" of CNN7.
  @ParameterizedTest
  @CsvSource({"1, 25088", "2, 25088", "3, 25088", "4, 50176", "5, 50176"})
  void of_cnn7_beginsBehindTheRectifierInFront(int relus, long numbers) {
    Network network =
        Architectures.build(
            SampleRun.settings("network.preset=cnn7", "network.width=64").network(),
            0.1,
            new Shape(1, 28, 28),
            10);
    LatentSplit split = LatentSplit.of(network, relus);
    assertThat(network.node(split.value()).operation()).isInstanceOf(Relu.class);
    assertThat(split.shape().size()).isEqualTo(numbers);
    assertThat(network.rectifiers().stream().filter(node -> node.id() > split.value()).count())
        .isEqualTo(relus);
  }

  @Test
  void of_tooManyRectifiers_isRefusedInOneLine() {
    Network network = SampleRun.network(SampleRun.settings());
    assertThatThrownBy(() -> LatentSplit.of(network, 2))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("objective.taps.relus is 2 but the network has 2 rectifiers")
        .hasMessageNotContaining("\n");
  }

  @Test
  void of_residualBlock_isCutOnlyWhereNothingBridgesIt() {
    Network network = SampleRun.network(SampleRun.settings(RESIDUAL));
    assertThat(network.rectifiers()).hasSize(3);
    LatentSplit between = LatentSplit.of(network, 2);
    assertThat(between.value()).isEqualTo(network.rectifiers().get(0).id());
    assertThatThrownBy(() -> LatentSplit.of(network, 1))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("bridged");
  }

  @Test
  void logitsFrom_everyCut_areTheLogits() {
    Network network = SampleRun.network(SampleRun.settings(RESIDUAL));
    ParameterValues values = SampleRun.initial(SampleRun.settings(RESIDUAL));
    try (Scope scope = Scope.open("test")) {
      Autograd.withoutGradients(
          () -> {
            LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
            NDArray x =
                CounterRandom.normal(
                    CounterRandom.of(1, 0, 0, CounterRandom.Role.DATA),
                    scope,
                    DataType.FLOAT64,
                    2,
                    1,
                    8,
                    8);
            List<NDArray> all = Concrete.values(live, x);
            int cuts = 0;
            for (int cut = 0; cut < all.size(); cut++) {
              if (network.isCut(cut)) {
                cuts++;
                assertThat(doubles(Concrete.logitsFrom(live, cut, all.get(cut))))
                    .isEqualTo(doubles(all.get(all.size() - 1)));
              }
            }
            assertThat(cuts).isBetween(all.size() / 2, all.size() - 3);
            return live;
          });
    }
  }

  private static double[] doubles(NDArray value) {
    return HostTensor.copyOf(value).toDoubles();
  }
}
