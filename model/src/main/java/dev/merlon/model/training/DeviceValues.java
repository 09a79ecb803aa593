package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;

/** One version of a network's tensors on a device, in a scope of its own; replaced as a whole. */
final class DeviceValues implements AutoCloseable {
  private final Map<String, ParameterSpec> specs;
  private final Scope scope;
  private final Map<String, NDArray> tensors;

  /** Takes over {@code scope}; the tensors come into the network's order. */
  DeviceValues(Network network, Scope scope, Map<String, NDArray> tensors) {
    this.specs = network.parameters();
    this.scope = scope;
    Map<String, NDArray> ordered = new LinkedHashMap<>();
    specs.keySet().forEach(name -> ordered.put(name, Named.get(tensors, name)));
    this.tensors = ordered;
  }

  static DeviceValues load(Network network, ParameterValues values, Scope owner) {
    Scope scope = owner.child("weights");
    Map<String, NDArray> loaded = new LinkedHashMap<>();
    values.tensors().forEach((name, value) -> loaded.put(name, scope.tensor(value)));
    return new DeviceValues(network, scope, loaded);
  }

  Map<String, NDArray> tensors() {
    return tensors;
  }

  Map<String, NDArray> trainable() {
    return trainable(tensors);
  }

  /** The constants of the network's arithmetic, which every version has, as aliases in a scope. */
  Map<String, NDArray> constants(Scope into) {
    Map<String, NDArray> constants = new LinkedHashMap<>();
    specs.forEach(
        (name, spec) -> {
          if (spec.role() == ParameterSpec.Role.CONSTANT) {
            constants.put(name, into.constant(Named.get(tensors, name)));
          }
        });
    return constants;
  }

  /** The trainable ones of tensors named as these are. */
  Map<String, NDArray> trainable(Map<String, NDArray> named) {
    Map<String, NDArray> chosen = new LinkedHashMap<>();
    specs.forEach(
        (name, spec) -> {
          if (spec.role().trainable()) {
            chosen.put(name, named.get(name));
          }
        });
    return chosen;
  }

  ParameterValues copy(Network network) {
    return ParameterValues.of(network, HostTensor.copiesOf(tensors));
  }

  @Override
  public void close() {
    scope.close();
  }
}
