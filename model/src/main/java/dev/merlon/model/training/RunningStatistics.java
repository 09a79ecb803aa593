package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.BatchStatistics;
import dev.merlon.model.network.Concrete.CleanForward;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How a clean training pass moves the running statistics of batch normalisation. */
final class RunningStatistics {
  private RunningStatistics() {}

  /** Names of the running means and variances of a network. */
  static List<String> names(Network network) {
    return network.nodes().stream()
        .filter(node -> node.operation() instanceof BatchNorm)
        .flatMap(node -> Stream.of(node.parameter("running_mean"), node.parameter("running_var")))
        .toList();
  }

  /**
   * New running means and (unbiased) variances, by tensor name, in {@code into}.
   *
   * @param running those before, by tensor name
   */
  static Map<String, NDArray> blend(
      Network network, Map<String, NDArray> running, CleanForward clean, Scope into) {
    Map<String, NDArray> moved = new LinkedHashMap<>();
    for (Node node : network.nodes()) {
      if (node.operation() instanceof BatchNorm operation) {
        BatchStatistics batch = unbiased(clean, node);
        double momentum = operation.momentum();
        moved.put(
            node.parameter("running_mean"),
            into.adopt(
                mix(batch.mean(), Named.get(running, node.parameter("running_mean")), momentum)));
        moved.put(
            node.parameter("running_var"),
            into.adopt(
                mix(
                    batch.variance(),
                    Named.get(running, node.parameter("running_var")),
                    momentum)));
      }
    }
    return moved;
  }

  /** Batch mean and unbiased batch variance of a node, without gradient. */
  static BatchStatistics unbiased(CleanForward clean, Node node) {
    BatchStatistics batch = Named.get(clean.statistics(), node.name());
    long count = Named.get(clean.counts(), node.name());
    double correction = count > 1 ? (double) count / (count - 1) : 1;
    return new BatchStatistics(
        batch.mean().stopGradient(), Scalars.times(batch.variance().stopGradient(), correction));
  }

  private static NDArray mix(NDArray fresh, NDArray running, double momentum) {
    return Scalars.times(fresh, momentum).add(Scalars.times(running, 1 - momentum));
  }
}
