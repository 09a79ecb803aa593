package dev.merlon.model.bound.soundness;

import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** Random weights that leave many rectifiers unstable; batch-norm scales of both signs. */
public final class RandomValues {
  private RandomValues() {}

  /** Values of all tensors of a network. */
  public static ParameterValues draw(Network network, SplittableRandom random) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    network.parameters().forEach((name, spec) -> tensors.put(name, draw(spec, random)));
    return ParameterValues.of(network, tensors);
  }

  private static HostTensor draw(ParameterSpec spec, SplittableRandom random) {
    double fanIn = (double) spec.shape().size() / spec.shape().get(0);
    return switch (spec.role()) {
      case WEIGHT -> fill(spec, () -> 1.4 * random.nextGaussian() / Math.sqrt(fanIn));
      case BIAS, RUNNING_MEAN, BATCH_NORM_SHIFT -> fill(spec, () -> 0.4 * random.nextGaussian());
      case BATCH_NORM_SCALE ->
          fill(spec, () -> (random.nextInt(3) == 0 ? -1 : 1) * (0.5 + random.nextDouble()));
      case CONSTANT ->
          fill(spec, () -> (random.nextInt(4) == 0 ? -1 : 1) * (0.5 + random.nextDouble()));
      case RUNNING_VARIANCE -> fill(spec, () -> 0.3 + random.nextDouble());
    };
  }

  private static HostTensor fill(ParameterSpec spec, DoubleSupplier source) {
    float[] values = new float[Math.toIntExact(spec.shape().size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) source.getAsDouble();
    }
    return HostTensor.of(values, spec.shape().getShape());
  }
}
