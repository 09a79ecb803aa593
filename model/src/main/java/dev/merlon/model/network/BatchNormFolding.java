package dev.merlon.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The same function with every batch normalisation that follows a weighted layer merged into that
 * layer: weights {@code a W} and bias {@code a b + s} for {@code z = a x + s}. With statistics
 * fixed, as they are in every pass of a step but the clean one, this saves the passes over the
 * activations; gradients flow through the merged weights to scale, shift, statistics and the
 * original weights. Immutable, made once per network.
 */
public final class BatchNormFolding {
  private final Network folded;
  private final List<Fold> folds;

  /**
   * A weighted node of the original network and the batch normalisation merged into it, or none.
   */
  private record Fold(Node weighted, Optional<Node> batchNorm) {}

  private BatchNormFolding(Network folded, List<Fold> folds) {
    this.folded = folded;
    this.folds = folds;
  }

  /** Finds what can be merged. */
  public static BatchNormFolding of(Network network) {
    Map<Integer, Long> uses = new HashMap<>();
    network.nodes().forEach(node -> node.inputs().forEach(id -> uses.merge(id, 1L, Long::sum)));
    Map<Integer, Node> mergedInto = new HashMap<>();
    for (Node node : network.nodes()) {
      int operand = node.inputs().get(0);
      if (node.operation() instanceof BatchNorm
          && operand > 0
          && isWeighted(network.node(operand))
          && uses.getOrDefault(operand, 0L) == 1) {
        mergedInto.put(operand, node);
      }
    }
    return rebuild(network, mergedInto);
  }

  private static BatchNormFolding rebuild(Network network, Map<Integer, Node> mergedInto) {
    Network.Builder builder = Network.builder(network.inputShape());
    Map<Integer, Integer> renumbered = new HashMap<>(Map.of(0, 0));
    List<Fold> folds = new ArrayList<>();
    for (Node node : network.nodes()) {
      if (mergedInto.containsValue(node)) {
        renumbered.put(node.id(), renumbered.get(node.inputs().get(0)));
        continue;
      }
      Optional<Node> batchNorm = Optional.ofNullable(mergedInto.get(node.id()));
      Operation operation = batchNorm.isPresent() ? withBias(node.operation()) : node.operation();
      Integer[] inputs = node.inputs().stream().map(renumbered::get).toArray(Integer[]::new);
      renumbered.put(node.id(), builder.add(node.name(), operation, inputs));
      folds.add(new Fold(node, batchNorm));
    }
    return new BatchNormFolding(builder.build(), folds);
  }

  /** The network without the merged nodes; the others keep their names. */
  public Network network() {
    return folded;
  }

  /**
   * The merged network with the tensors and the statistics that {@code live} has in use, in its
   * scope.
   */
  public LiveNetwork apply(LiveNetwork live) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    Map<String, BatchStatistics> statistics = new HashMap<>();
    for (Fold fold : folds) {
      Node node = fold.weighted();
      if (fold.batchNorm().isPresent()) {
        merge(live, node, live.channelAffine(fold.batchNorm().get()), tensors);
        continue;
      }
      node.operation()
          .parameters()
          .forEach(
              spec ->
                  tensors.put(
                      node.parameter(spec.suffix()),
                      live.tensors().get(node.parameter(spec.suffix()))));
      if (node.operation() instanceof BatchNorm) {
        statistics.put(node.name(), live.statistics(node));
      }
    }
    return live.replaced(folded, tensors, statistics);
  }

  private static void merge(
      LiveNetwork live, Node node, ChannelAffine affine, Map<String, NDArray> tensors) {
    NDArray weight = live.weight(node);
    tensors.put(node.parameter("weight"), affine.scale().reshape(perOutput(weight)).mul(weight));
    NDArray shift = affine.shift();
    tensors.put(
        node.parameter("bias"),
        live.bias(node).map(bias -> affine.scale().mul(bias).add(shift)).orElse(shift));
  }

  private static Shape perOutput(NDArray weight) {
    long[] shape = new long[weight.getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[0] = weight.getShape().get(0);
    return new Shape(shape);
  }

  private static boolean isWeighted(Node node) {
    return node.operation() instanceof Conv2d || node.operation() instanceof Linear;
  }

  private static Operation withBias(Operation operation) {
    if (operation instanceof Conv2d conv) {
      return new Conv2d(conv.in(), conv.out(), conv.kernel(), conv.geometry(), true);
    }
    Linear linear = (Linear) operation;
    return new Linear(linear.in(), linear.out(), true);
  }
}
