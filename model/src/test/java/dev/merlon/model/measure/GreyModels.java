package dev.merlon.model.measure;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.soundness.RandomValues;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.HostTensor;
import java.util.Map;
import java.util.SplittableRandom;

/** Images of one grey pixel, all of class 0, and two-class networks on them. */
final class GreyModels {
  private GreyModels() {}

  static Dataset images(int... values) {
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      pixels[i] = (byte) values[i];
    }
    return Dataset.of(
        "grey", DataSplit.TEST, new ImageShape(1, 1, 1), 2, pixels, new int[values.length]);
  }

  /** {@code f_0 = relu(x)} and {@code f_1 = relu(x - 0.5) / 2}; a third neuron is dead. */
  static ImportedModel shallow() {
    Network.Builder builder = Network.builder(new Shape(1, 1, 1));
    builder.append("flatten", new Flatten());
    builder.append("hidden", new Linear(1, 3, true));
    builder.append("relu", new Relu());
    builder.append("logits", new Linear(3, 2, true));
    Network network = builder.build();
    Map<String, HostTensor> tensors =
        Map.of(
            "hidden.weight", HostTensor.of(new float[] {1, 1, 1}, 3, 1),
            "hidden.bias", HostTensor.of(new float[] {-1, -0.5f, 0}, 3),
            "logits.weight", HostTensor.of(new float[] {0, 0, 1, 0, 0.5f, 0}, 2, 3),
            "logits.bias", HostTensor.of(new float[] {0, 0}, 2));
    return imported(network, ParameterValues.of(network, tensors));
  }

  /** Random weights, three layers. */
  static ImportedModel deep(long seed) {
    Network.Builder builder = Network.builder(new Shape(1, 1, 1));
    builder.append("flatten", new Flatten());
    builder.append("hidden0", new Linear(1, 8, true));
    builder.append("relu0", new Relu());
    builder.append("hidden1", new Linear(8, 6, true));
    builder.append("relu1", new Relu());
    builder.append("logits", new Linear(6, 2, true));
    Network network = builder.build();
    return imported(network, RandomValues.draw(network, new SplittableRandom(seed)));
  }

  private static ImportedModel imported(Network network, ParameterValues values) {
    return OnnxImport.parse(OnnxExport.bytes(network, values, Map.of()), "test model");
  }
}
