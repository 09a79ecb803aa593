package dev.merlon.model.network;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.Initialisation;
import dev.merlon.model.network.ParameterSpec.Role;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * Draws the weights of a new network. Every tensor has its own random stream, so that layers do not
 * depend on each other's sizes.
 *
 * <p>{@link Initialisation#DEFAULT} is PyTorch's: weights and biases of affine layers uniform in
 * {@code +-1/sqrt(fan_in)}. {@link Initialisation#IBP} is Shi et al. 2021: weights of every affine
 * layer but the last normal with deviation {@code sqrt(2 pi) / fan_in}, so that interval widths
 * neither grow nor vanish at the start; everything else by default.
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
            tensor(spec, fanIn(node), node.equals(network.output()), random));
      }
    }
    return ParameterValues.of(network, values);
  }

  /** Standard deviation of a hidden layer's weights under {@link Initialisation#IBP}. */
  public static double ibpDeviation(long fanIn) {
    return Math.sqrt(2 * Math.PI) / fanIn;
  }

  private HostTensor tensor(ParameterSpec spec, long fanIn, boolean last, RandomGenerator random) {
    double limit = 1 / Math.sqrt((double) fanIn);
    boolean normal = rule == Initialisation.IBP && spec.role() == Role.WEIGHT && !last;
    return switch (spec.role()) {
      case WEIGHT, BIAS ->
          normal
              ? fill(spec.shape(), () -> random.nextGaussian() * ibpDeviation(fanIn))
              : fill(spec.shape(), () -> (2 * random.nextDouble() - 1) * limit);
      case BATCH_NORM_SCALE, RUNNING_VARIANCE -> fill(spec.shape(), () -> 1);
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
