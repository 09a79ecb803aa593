package dev.merlon.model.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.tensor.Scope;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A network together with its tensors on a device, in one scope: what every tensor interpretation
 * reads weights and batch-norm statistics from. Belongs to the thread and the scope it was made
 * for; derived tensors such as {@code |W|} are computed once per instance.
 */
public final class LiveNetwork {
  private final Network network;
  private final DataType type;
  private final Scope scope;
  private final Map<String, NDArray> tensors;
  private final Map<String, BatchStatistics> statistics;
  private final Map<String, NDArray> derived = new HashMap<>();

  private LiveNetwork(
      Network network,
      DataType type,
      Scope scope,
      Map<String, NDArray> tensors,
      Map<String, BatchStatistics> statistics) {
    this.network = network;
    this.type = type;
    this.scope = scope;
    this.tensors = tensors;
    this.statistics = statistics;
  }

  /**
   * The network in evaluation: detached values copied to the device, running statistics. Tensors
   * are owned by {@code scope}.
   */
  public static LiveNetwork evaluation(
      Network network, ParameterValues values, DataType type, Scope scope) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    values.tensors().forEach((name, value) -> tensors.put(name, scope.tensor(value.as(type))));
    return new LiveNetwork(network, type, scope, tensors, running(network, tensors));
  }

  /**
   * The network over device tensors that somebody else owns, as aliases in {@code scope}, with
   * running statistics.
   *
   * @param gradients whether backward passes collect the gradients of trainable tensors (see {@link
   *     #tensors})
   */
  public static LiveNetwork over(
      Network network, Map<String, NDArray> owned, Scope scope, boolean gradients) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    network
        .parameters()
        .forEach(
            (name, spec) -> {
              NDArray value = Named.get(owned, name);
              tensors.put(
                  name,
                  gradients && spec.role().trainable() ? scope.leaf(value) : scope.constant(value));
            });
    // A network without tensors has no type of its own to follow.
    DataType type =
        tensors.values().stream().findFirst().map(NDArray::getDataType).orElse(DataType.FLOAT32);
    return new LiveNetwork(network, type, scope, tensors, running(network, tensors));
  }

  /** The same tensors with other batch-norm statistics, by node name. */
  public LiveNetwork withStatistics(Map<String, BatchStatistics> other) {
    return new LiveNetwork(network, type, scope, tensors, Map.copyOf(other));
  }

  /**
   * The same values as aliases in an inner scope, cut off from any gradient: what attacks work on.
   */
  public LiveNetwork detached(Scope inner) {
    Map<String, NDArray> aliases = new LinkedHashMap<>();
    tensors.forEach((name, value) -> aliases.put(name, inner.constant(value)));
    Map<String, BatchStatistics> constants = new HashMap<>();
    statistics.forEach(
        (name, s) ->
            constants.put(
                name, new BatchStatistics(inner.constant(s.mean()), inner.constant(s.variance()))));
    return new LiveNetwork(network, type, inner, aliases, constants);
  }

  /** Another network over other tensors in the same scope. */
  LiveNetwork replaced(
      Network other,
      Map<String, NDArray> otherTensors,
      Map<String, BatchStatistics> otherStatistics) {
    return new LiveNetwork(other, type, scope, otherTensors, otherStatistics);
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /** The scope that owns this instance's tensors. */
  public Scope scope() {
    return scope;
  }

  /** Element type of the tensors. */
  public DataType type() {
    return type;
  }

  /** All tensors by name. */
  public Map<String, NDArray> tensors() {
    return java.util.Collections.unmodifiableMap(tensors);
  }

  /** Statistics in use, by batch-norm node name. */
  public Map<String, BatchStatistics> statistics() {
    return statistics;
  }

  /** Weight of an affine node. */
  public NDArray weight(Node node) {
    return tensor(node, "weight");
  }

  /** Absolute weight of an affine node. */
  public NDArray absoluteWeight(Node node) {
    return derive(node.parameter("|weight|"), () -> weight(node).abs());
  }

  /** Bias of an affine node, if it has one. */
  public Optional<NDArray> bias(Node node) {
    return Optional.ofNullable(tensors.get(node.parameter("bias")));
  }

  /** Absolute bias of an affine node, if it has one. */
  public Optional<NDArray> absoluteBias(Node node) {
    return bias(node).map(bias -> derive(node.parameter("|bias|"), bias::abs));
  }

  /**
   * The affine map that a channel-wise or element-wise node stands for with the statistics in use:
   * batch normalisation, input normalisation or arithmetic with a constant.
   *
   * @return {@code z = scale * x + shift}
   */
  public ChannelAffine channelAffine(Node node) {
    return node.operation().accept(new ChannelAffineOf(this), node);
  }

  NDArray derive(String key, java.util.function.Supplier<NDArray> compute) {
    NDArray known = derived.get(key);
    if (known == null) {
      known = compute.get();
      derived.put(key, known);
    }
    return known;
  }

  NDArray tensor(Node node, String suffix) {
    return Optional.ofNullable(tensors.get(node.parameter(suffix)))
        .orElseThrow(
            () -> new IllegalArgumentException("layer " + node.name() + " has no " + suffix));
  }

  BatchStatistics statistics(Node node) {
    return Optional.ofNullable(statistics.get(node.name()))
        .orElseThrow(() -> new IllegalArgumentException("no statistics for layer " + node.name()));
  }

  private static Map<String, BatchStatistics> running(
      Network network, Map<String, NDArray> tensors) {
    Map<String, BatchStatistics> statistics = new HashMap<>();
    for (Node node : network.nodes()) {
      if (node.operation() instanceof BatchNorm) {
        statistics.put(
            node.name(),
            new BatchStatistics(
                Named.get(tensors, node.parameter("running_mean")),
                Named.get(tensors, node.parameter("running_var"))));
      }
    }
    return statistics;
  }
}
