package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.network.Initialisation;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.network.operation.ParameterSpec.Role;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * Draws the weights of a new network. Every tensor has its own random stream, so that layers do not
 * depend on each other's sizes.
 *
 * <p>{@link Initialisation#DEFAULT} is PyTorch's: weights and biases of affine layers uniform in
 * {@code +-1/sqrt(fan_in)}. {@link Initialisation#IBP} is Shi et al. 2021: weights of every affine
 * layer but the last normal with deviation {@code sqrt(2 pi) / fan_in}, so that interval widths
 * neither grow nor vanish at the start, and half of that behind the sum of a residual block, which
 * doubles them (an affine layer whose operand is computed from a sum alone); everything else by
 * default.
 */
public final class Initialiser {
  private final Initialisation rule;

  /** A drawer of weights by this rule. */
  public Initialiser(Initialisation rule) {
    this.rule = rule;
  }

  /**
   * Float32 values for all tensors of a network.
   *
   * @param seed of the run
   */
  public ParameterValues draw(Network network, long seed) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    int index = 0;
    for (Node node : network.nodes()) {
      for (ParameterSpec spec : node.operation().parameters()) {
        RandomGenerator random =
            CounterRandom.of(seed, 0, index++, CounterRandom.Role.INITIALISATION);
        values.put(
            node.parameter(spec.suffix()),
            tensor(spec, fanIn(node), deviation(network, node), random));
      }
    }
    return ParameterValues.of(network, values);
  }

  /** Standard deviation of a hidden layer's weights under {@link Initialisation#IBP}. */
  public static double ibpDeviation(long fanIn) {
    return Math.sqrt(2 * Math.PI) / fanIn;
  }

  /** Deviation of a node's weights where they are drawn from a normal distribution. */
  private OptionalDouble deviation(Network network, Node node) {
    if (rule != Initialisation.IBP || node.equals(network.output())) {
      return OptionalDouble.empty();
    }
    double deviation = ibpDeviation(fanIn(node));
    return OptionalDouble.of(followsSum(network, node) ? deviation / 2 : deviation);
  }

  private static boolean followsSum(Network network, Node node) {
    int operand = node.inputs().get(0);
    if (operand == 0) {
      return false;
    }
    int before = network.node(operand).inputs().get(0);
    return before > 0 && network.node(before).operation() instanceof Add;
  }

  private static HostTensor tensor(
      ParameterSpec spec, long fanIn, OptionalDouble deviation, RandomGenerator random) {
    double limit = 1 / Math.sqrt((double) fanIn);
    return switch (spec.role()) {
      case WEIGHT, BIAS ->
          spec.role() == Role.WEIGHT && deviation.isPresent()
              ? fill(spec.shape(), () -> random.nextGaussian() * deviation.getAsDouble())
              : fill(spec.shape(), () -> (2 * random.nextDouble() - 1) * limit);
      case BATCH_NORM_SCALE, RUNNING_VARIANCE, CONSTANT -> fill(spec.shape(), () -> 1);
      case BATCH_NORM_SHIFT, RUNNING_MEAN -> fill(spec.shape(), () -> 0);
    };
  }

  private static long fanIn(Node node) {
    return node.operation().parameters().stream()
        .filter(spec -> spec.role() == Role.WEIGHT)
        .mapToLong(
            spec -> Arrays.stream(spec.shape().getShape()).skip(1).reduce(1, (a, b) -> a * b))
        .findFirst()
        .orElse(1);
  }

  private static HostTensor fill(Shape shape, DoubleSupplier source) {
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) source.getAsDouble();
    }
    return HostTensor.of(values, shape.getShape());
  }
}
