package dev.merlon.model.network;

import ai.djl.ndarray.types.DataType;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The values of all tensors of a network, trainable ones and statistics, in Java memory and in the
 * network's order. Immutable: a snapshot that may cross threads and go to files.
 */
public record ParameterValues(Map<String, HostTensor> tensors) {
  /** Keeps the order of the map. */
  public ParameterValues {
    tensors = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** The values in the network's order, checked to be exactly what the network needs. */
  public static ParameterValues of(Network network, Map<String, HostTensor> tensors) {
    Map<String, HostTensor> ordered = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(
            (name, spec) -> {
              HostTensor value =
                  Optional.ofNullable(tensors.get(name))
                      .orElseThrow(() -> invalid("tensor '" + name + "' is missing"));
              if (!value.shape().equals(spec.shape())) {
                throw invalid(
                    "tensor '"
                        + name
                        + "' has shape "
                        + value.shape()
                        + " where the network needs "
                        + spec.shape());
              }
              ordered.put(name, value);
            });
    if (tensors.size() != ordered.size()) {
      throw invalid(
          "there are " + tensors.size() + " tensors where the network needs " + ordered.size());
    }
    return new ParameterValues(ordered);
  }

  /** One tensor. @throws IllegalArgumentException when there is none of this name */
  public HostTensor get(String name) {
    return Optional.ofNullable(tensors.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no tensor " + name));
  }

  /** The same values in another floating-point type. */
  public ParameterValues as(DataType type) {
    Map<String, HostTensor> converted = new LinkedHashMap<>();
    tensors.forEach((name, value) -> converted.put(name, value.as(type)));
    return new ParameterValues(converted);
  }

  private static MerlonException invalid(String problem) {
    return MerlonException.modelFormat(
        "Weights do not fit the network: " + problem + ".", "Use weights saved with this network.");
  }
}
