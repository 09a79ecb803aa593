package dev.merlon.model.network;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.Windows;
import java.util.List;
import org.junit.jupiter.api.Test;

class CostTest {
  private static final Extent TWO = Extent.square(2);

  @Test
  void of_networkCountedByHand_matches() {
    Network.Builder builder = Network.builder(new Shape(1, 4, 4));
    builder.append("normalize", new Normalize(List.of(0.5), List.of(0.5)));
    builder.append("conv", new Conv2d(1, 3, TWO, TWO, Extent.square(0), true));
    builder.append("bn", new BatchNorm(3, 1e-5, 0.1));
    builder.append("relu", new Relu());
    builder.append("flatten", new Flatten());
    builder.append("linear", new Linear(12, 2, false));

    Cost cost = Cost.of(builder.build());

    // Convolution 3 x (1 x 2 x 2) + 3, batch norm 4 x 3 of which 2 x 3 train, linear 12 x 2.
    assertThat(cost.parameters()).isEqualTo(15 + 12 + 24);
    assertThat(cost.trainable()).isEqualTo(15 + 6 + 24);
    // 16 normalised, 12 convolved by 4 taps and a bias, 12 scaled and shifted, 12 rectified, 2
    // products of length 12.
    assertThat(cost.concrete().flops()).isEqualTo(32 + 12 * 8 + 24 + 12 + 2 * 23);
    assertThat(cost.concrete().values()).isEqualTo(32 + 12 + 24 + 12 + 2);
    assertThat(cost.clean().flops()).isEqualTo(cost.concrete().flops() + 4 * 12);
    assertThat(cost.clean().values()).isEqualTo(cost.concrete().values() + 2 * 12);
    assertThat(cost.box().flops()).isEqualTo(48 + 12 * 15 + 36 + 8 * 12 + 2 * 46);
    assertThat(cost.box().values()).isEqualTo(48 + 2 * 12 + 36 + 8 * 12 + 2 * 2);
  }

  @Test
  void of_poolsGroupsAndActivationsCountedByHand_matches() {
    Network.Builder builder = Network.builder(new Shape(2, 4, 4));
    Geometry grouped = new Geometry(Extent.square(1), Extent.square(1), Extent.square(1), 2);
    builder.append("conv", new Conv2d(2, 4, Extent.square(3), grouped, true));
    builder.append("tanh", new Tanh());
    builder.append("max", new MaxPool(new Windows(TWO, TWO, Extent.square(0))));
    builder.append("leaky", new LeakyRelu(0.1));
    builder.append("average", new AveragePool(new Windows(TWO, TWO, Extent.square(1)), true));
    builder.append("global", new GlobalAveragePool());
    builder.append("flatten", new Flatten());

    Cost cost = Cost.of(builder.build());

    // 4 kernels over 1 of 2 channels, and their biases.
    assertThat(cost.parameters()).isEqualTo(4 * 9 + 4);
    // 64 convolved by 9 taps and a bias; 64 activated; 16 largest of 4; 16 leaky by 5 operations;
    // 16 means of 4, and 4 means of 4.
    assertThat(cost.concrete().flops()).isEqualTo(64 * 18 + 64 + 16 * 3 + 16 * 5 + 16 * 4 + 4 * 4);
    assertThat(cost.concrete().values()).isEqualTo(64 + 64 + 16 + 16 * 5 + 16 + 4);
    // Corners before and centres after each nonlinear operation, which is done twice.
    assertThat(cost.box().flops())
        .isEqualTo(64 * 35 + 64 * 8 + (128 + 64 + 96) + 16 * 16 + 2 * 16 * 4 + 2 * 4 * 4);
    assertThat(cost.box().values())
        .isEqualTo(128 + 64 * 8 + (128 + 64 + 32) + 16 * 16 + 2 * 16 + 2 * 4);
  }
}
