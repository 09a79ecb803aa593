package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.BatchStatistics;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Plain averages of batch means and unbiased batch variances over many batches: momentum {@code
 * 1/t} at batch {@code t}.
 */
final class StatisticsPass implements AutoCloseable {
  private final Network network;
  private final Weights weights;
  private final DeviceValues measured;
  private final Scope owner;
  private Scope scope;
  private Map<String, NDArray> averages = new LinkedHashMap<>();
  private long batches;

  /**
   * A pass that begins.
   *
   * @param weights which ones are measured
   * @param measured their tensors
   */
  StatisticsPass(Network network, Weights weights, DeviceValues measured, Scope owner) {
    this.network = network;
    this.weights = weights;
    this.measured = measured;
    this.owner = owner;
    this.scope = owner.child("statistics");
  }

  Weights weights() {
    return weights;
  }

  /** Measures a clean batch {@code x [N, C, H, W]}. */
  void add(NDArray x, Scope temporary) {
    LiveNetwork live = LiveNetwork.over(network, measured.tensors(), temporary, false);
    CleanForward clean = Concrete.clean(live, x);
    batches++;
    Scope next = owner.child("statistics");
    Map<String, NDArray> moved = new LinkedHashMap<>();
    for (Node node : network.nodes()) {
      if (node.operation() instanceof BatchNorm) {
        BatchStatistics batch = RunningStatistics.unbiased(clean, node);
        moved.put(
            node.parameter("running_mean"),
            next.adopt(average(node.parameter("running_mean"), batch.mean(), temporary)));
        moved.put(
            node.parameter("running_var"),
            next.adopt(average(node.parameter("running_var"), batch.variance(), temporary)));
      }
    }
    scope.close();
    scope = next;
    averages = moved;
  }

  /**
   * The measured tensors with the averages as running statistics; as they were before the first
   * batch.
   *
   * @param into scope that the result takes over
   */
  DeviceValues finished(Scope into) {
    Map<String, NDArray> moved = new LinkedHashMap<>();
    averages.forEach((name, value) -> moved.put(name, into.constant(value)));
    measured
        .tensors()
        .forEach((name, value) -> moved.computeIfAbsent(name, key -> into.constant(value)));
    return new DeviceValues(network, into, moved);
  }

  @Override
  public void close() {
    scope.close();
  }

  private NDArray average(String name, NDArray fresh, Scope temporary) {
    if (batches == 1) {
      return fresh.duplicate();
    }
    NDArray before = temporary.constant(Named.get(averages, name));
    return before.add(Scalars.over(fresh.sub(before), (double) batches));
  }
}
