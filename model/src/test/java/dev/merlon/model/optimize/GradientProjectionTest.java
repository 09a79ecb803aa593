package dev.merlon.model.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.objective.ProjectionSettings;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.tensor.HostTensor;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class GradientProjectionTest {
  // An orthogonal projection spreads a long change over elements that hardly changed.
  @Test
  void merge_projectionBelowZero_keepsVariancesThatWereMeasured() {
    double[] merged =
        new GradientProjection(0.9, ProjectionSettings.Form.ORTHOGONAL)
            .merge(network(), values(1, 10, 10, 10), values(1, 5, 5, 5), values(0.5, 9.5, 9.5, 9.5))
            .values()
            .get("1.running_var")
            .toDoubles();
    // 10 - 0.9 * 3.75 - 0.1 * 0.5, which would be below 0 for the first.
    assertThat(merged)
        .containsExactly(new double[] {0.5, 6.575, 6.575, 6.575}, Offset.offset(1e-9));
  }

  private static ParameterValues values(double... variances) {
    HostTensor ones = HostTensor.of(new double[] {1, 1, 1, 1}, 4);
    return ParameterValues.of(
        network(),
        Map.of(
            "1.weight", ones,
            "1.bias", ones,
            "1.running_mean", ones,
            "1.running_var", HostTensor.of(variances, 4)));
  }

  private static Network network() {
    Network.Builder network = Network.builder(new Shape(4, 1, 1));
    network.append("1", new BatchNorm(4, 1e-5, 0.1));
    network.append("flatten", new Flatten());
    return network.build();
  }
}
