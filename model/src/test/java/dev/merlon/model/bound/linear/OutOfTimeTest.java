package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.network.Initialisation;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OutOfTimeTest {
  private static final int CHUNK = 4;

  @Test
  void crown_timeUpBetweenChunks_endsAndFreesWhatItHad() {
    Network.Builder layers = Network.builder(new Shape(3));
    layers.append("linear1", new Linear(3, 32, true));
    layers.append("relu1", new Relu());
    layers.append("linear2", new Linear(32, 32, true));
    layers.append("relu2", new Relu());
    layers.append("logits", new Linear(32, 2, true));
    Network network = layers.build();
    var values = new Initialiser(Initialisation.DEFAULT).draw(network, 1);
    AtomicInteger asked = new AtomicInteger();
    try (Scope scope = Scope.open("out of time")) {
      LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
      NDArray x = scope.tensor(new double[] {0.5, 0.5, 0.5}, DataType.FLOAT64, 1, 3);
      InputSet input = InputSet.around(x, new NormBall(new LInf(), 0.5, true));
      CrownOptions chunks =
          CrownOptions.full()
              .withCoefficients(CHUNK * 32)
              .withTime(() -> asked.incrementAndGet() > 3);

      assertThatThrownBy(() -> CrownBounds.of(live, input, chunks)).isInstanceOf(OutOfTime.class);

      assertThat(asked).hasValue(4);
      assertThat(NativeMemory.openScopes()).doesNotContainKey("crown");
    }
  }
}
