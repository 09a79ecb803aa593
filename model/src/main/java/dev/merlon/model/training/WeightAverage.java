package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.network.Network;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The plain average of the weights at the ends of epochs (SWA, Izmailov et al. 2018): {@code avg <-
 * (n avg + w) / (n + 1)}. Its running statistics are those of the newest weights until they are
 * measured with the average itself. Empty until the first weights.
 */
final class WeightAverage implements AutoCloseable {
  private final Network network;
  private final Scope owner;
  private Optional<DeviceValues> values = Optional.empty();
  private int epochs;

  WeightAverage(Network network, Scope owner) {
    this.network = network;
    this.owner = owner;
  }

  /** Adds the weights at the end of an epoch. */
  void add(DeviceValues newest) {
    try (Scope work = owner.child("average")) {
      Scope next = owner.child("averaged weights");
      Map<String, NDArray> moved = new LinkedHashMap<>();
      newest
          .tensors()
          .forEach(
              (name, tensor) -> moved.put(name, next.adopt(work.constant(tensor).duplicate())));
      values.ifPresent(
          average ->
              average
                  .trainable()
                  .forEach(
                      (name, tensor) -> {
                        NDArray weighted = Scalars.times(work.constant(tensor), epochs);
                        NDArray sum = weighted.add(Named.get(moved, name));
                        moved.put(name, next.adopt(Scalars.over(sum, epochs + 1.0)));
                      }));
      replace(new DeviceValues(network, next, moved));
      epochs++;
    }
  }

  /** The average; empty before the first weights. */
  Optional<DeviceValues> values() {
    return values;
  }

  /** Replaces the tensors, as a statistics pass does. */
  void replace(DeviceValues other) {
    values.ifPresent(DeviceValues::close);
    values = Optional.of(other);
  }

  Optional<AverageState> state() {
    return values.map(average -> new AverageState(epochs, average.copy(network)));
  }

  /** Goes back to a saved average of this network, or to none. */
  void restore(Optional<AverageState> state, DataType type) {
    close();
    values = state.map(saved -> DeviceValues.load(network, saved.values().as(type), owner));
    epochs = state.map(AverageState::epochs).orElse(0);
  }

  @Override
  public void close() {
    values.ifPresent(DeviceValues::close);
    values = Optional.empty();
    epochs = 0;
  }
}
