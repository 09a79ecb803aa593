package dev.merlon.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;

class MessagesTest {

  @Test
  void snapshot_fullyFilled_survivesSerialisation() throws InvalidProtocolBufferException {
    var tensor =
        NamedTensor.newBuilder()
            .setName("conv1.weight")
            .setTensor(TensorBytes.tensor(ElementType.FLOAT32, new long[] {1}, new byte[4]))
            .build();
    var snapshot =
        Snapshot.newBuilder()
            .setCursor(Cursor.newBuilder().setEpoch(3).setStep(7).setGlobalStep(700))
            .addWeights(WeightVersion.newBuilder().setUpdates(700).addTensors(tensor))
            .addWeights(WeightVersion.newBuilder().setUpdates(699).addTensors(tensor))
            .setOptimizer(
                OptimizerState.newBuilder()
                    .setStepCount(700)
                    .addFirstMoments(tensor)
                    .addSecondMoments(tensor))
            .addAccumulators(Accumulator.newBuilder().setName("loss").setSum(1.5).setCount(256))
            .addBestValues(BestValue.newBuilder().setName("certified").setValue(0.9).setEpoch(2))
            .build();
    assertThat(Snapshot.parseFrom(Digests.canonicalBytes(snapshot))).isEqualTo(snapshot);
  }
}
