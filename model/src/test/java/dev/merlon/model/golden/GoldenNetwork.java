package dev.merlon.model.golden;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.tensor.Convolution.Extent;
import java.util.ArrayList;
import java.util.List;

/** Reads a golden case's layer list. */
final class GoldenNetwork {
  private GoldenNetwork() {}

  static Network of(JsonNode json) {
    Network.Builder builder = Network.builder(new Shape(longs(json.path("input_shape"))));
    for (JsonNode layer : json.path("network")) {
      builder.append(layer.path("index").asText(), operation(layer));
    }
    return builder.build();
  }

  private static Operation operation(JsonNode layer) {
    String type = layer.path("type").asText();
    return switch (type) {
      case "normalize" -> new Normalize(doubles(layer.path("mean")), doubles(layer.path("std")));
      case "conv2d" ->
          new Conv2d(
              layer.path("in").asInt(),
              layer.path("out").asInt(),
              extent(layer.path("kernel")),
              extent(layer.path("stride")),
              extent(layer.path("padding")),
              layer.has("bias"));
      case "linear" ->
          new Linear(layer.path("in").asInt(), layer.path("out").asInt(), layer.has("bias"));
      case "batchnorm" ->
          new BatchNorm(
              layer.path("features").asInt(),
              layer.path("eps").asDouble(),
              layer.path("momentum").asDouble());
      case "relu" -> new Relu();
      case "flatten" -> new Flatten();
      default -> throw new IllegalArgumentException("unknown layer type " + type);
    };
  }

  private static Extent extent(JsonNode pair) {
    return new Extent(pair.get(0).asInt(), pair.get(1).asInt());
  }

  private static long[] longs(JsonNode array) {
    long[] values = new long[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).asLong();
    }
    return values;
  }

  private static List<Double> doubles(JsonNode array) {
    List<Double> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asDouble()));
    return values;
  }
}
