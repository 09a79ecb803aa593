package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.Network;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A step between its search and its update. Each micro-batch is a batch of its own: clean pass and
 * batch statistics, bounds, losses, backward pass. What they leave is summed in their order:
 * gradients weighted by their share of the images, and running statistics, which every clean pass
 * moves on. At most one graph is alive at a time: {@link #measure} differentiates all micro-batches
 * but the last, whose graph waits for {@link #differentiate}.
 */
final class OpenStep implements AutoCloseable {
  private final Network network;
  private final DeviceValues values;
  private final Function<AttackedBatch, StepGraph> graphs;
  private final AttackedStep batches;
  private final Scope scope;
  private final Map<String, NDArray> gradients = new LinkedHashMap<>();
  private Map<String, NDArray> running;
  private Optional<StepGraph> last = Optional.empty();

  /**
   * Takes over the batches.
   *
   * @param values what the step moves
   * @param graphs builds the graph of a micro-batch, in its scope
   * @param owner of the scope of what is summed
   */
  OpenStep(
      Network network,
      DeviceValues values,
      AttackedStep batches,
      Function<AttackedBatch, StepGraph> graphs,
      Scope owner) {
    this.network = network;
    this.values = values;
    this.graphs = graphs;
    this.batches = batches;
    this.scope = owner.child("step");
    this.running = constants(values.tensors());
  }

  /** Builds the graphs and measures the losses of the whole step; gradient mode is recording. */
  StepLosses measure() {
    StepLosses sum = StepLosses.NONE;
    for (int i = 0; i < batches.parts().size(); i++) {
      AttackedBatch part = batches.parts().get(i);
      StepGraph graph = graphs.apply(part);
      last = Optional.of(graph);
      moveStatistics(graph);
      sum = sum.plus(graph.losses());
      if (!graph.losses().isFinite()) {
        return sum;
      }
      if (i + 1 < batches.parts().size()) {
        differentiate();
        part.close();
      }
    }
    return sum;
  }

  /** Whether every gradient is collected. */
  boolean isDifferentiated() {
    return last.isEmpty();
  }

  /** Collects the gradients of the graph at hand and frees it; gradient mode is recording. */
  void differentiate() {
    StepGraph graph = last.orElseThrow();
    Autograd.backward(graph.loss());
    double share = (double) graph.losses().size() / batches.size();
    Autograd.withoutGradients(
        () -> {
          values
              .trainable(graph.trained().tensors())
              .forEach((name, leaf) -> add(name, Autograd.gradient(leaf), share));
          return graph;
        });
    last = Optional.empty();
  }

  /** Tensors as constants of this step. */
  final Map<String, NDArray> constants(Map<String, NDArray> tensors) {
    Map<String, NDArray> constants = new LinkedHashMap<>();
    tensors.forEach((name, value) -> constants.put(name, scope.constant(value)));
    return constants;
  }

  /** The gradients of the mean loss over all images, by name. */
  Map<String, NDArray> gradients() {
    return gradients;
  }

  /** The running statistics after every clean pass, moved into a scope. */
  Map<String, NDArray> statistics(Scope into) {
    Map<String, NDArray> moved = new LinkedHashMap<>();
    RunningStatistics.names(network).forEach(name -> moved.put(name, Named.get(running, name)));
    moved.values().forEach(into::adopt);
    return moved;
  }

  @Override
  public void close() {
    batches.close();
    scope.close();
  }

  private void add(String name, NDArray gradient, double share) {
    NDArray weighted = share == 1 ? gradient : Scalars.times(gradient, share);
    Optional<NDArray> sum = Optional.ofNullable(gradients.get(name));
    gradients.put(name, scope.adopt(sum.map(weighted::add).orElse(weighted)));
    sum.ifPresent(NDArray::close);
  }

  private void moveStatistics(StepGraph graph) {
    running =
        Autograd.withoutGradients(
            () -> RunningStatistics.blend(network, running, graph.clean(), scope));
  }
}
