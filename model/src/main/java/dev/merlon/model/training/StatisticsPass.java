package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.BatchNorm;
import dev.merlon.model.network.BatchStatistics;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
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
  private final Scope owner;
  private Scope scope;
  private Map<String, NDArray> averages = new LinkedHashMap<>();
  private long batches;

  StatisticsPass(Network network, Scope owner) {
    this.network = network;
    this.owner = owner;
    this.scope = owner.child("statistics");
  }

  void add(CleanForward clean, Scope temporary) {
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

  /** The averages as tensors of {@code into}; none before the first batch. */
  Map<String, NDArray> averages(Scope into) {
    Map<String, NDArray> copies = new LinkedHashMap<>();
    averages.forEach((name, value) -> copies.put(name, into.constant(value)));
    return copies;
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
