package dev.merlon.model.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Normally distributed tensors for tests, float64. */
public final class DrawnTensors {
  private DrawnTensors() {}

  /** Tensors of a network by name; weights of a size that keeps values near 1. */
  public static Map<String, NDArray> of(Network network, Scope scope) {
    Map<String, NDArray> drawn = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(
            (name, spec) -> {
              double fanIn = (double) spec.shape().size() / spec.shape().get(0);
              double scale =
                  spec.role() == ParameterSpec.Role.WEIGHT ? 1.3 / Math.sqrt(fanIn) : 0.3;
              NDArray normal = normal(scope, 10 + drawn.size(), spec.shape()).mul(scale);
              drawn.put(name, name.endsWith("running_var") ? normal.abs().add(0.5) : normal);
            });
    return drawn;
  }

  /** Independent entries of mean 0 and deviation 1, the same for the same key. */
  public static NDArray normal(Scope scope, long key, Shape shape) {
    RandomGenerator random = CounterRandom.of(key, 0, 0, CounterRandom.Role.DATA);
    return CounterRandom.normal(random, scope, DataType.FLOAT64, shape.getShape());
  }
}
