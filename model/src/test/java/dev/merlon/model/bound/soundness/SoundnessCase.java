package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.types.DataType;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.HostTensor;
import java.util.SplittableRandom;

/**
 * A random network with inputs, and what may be done to them; everything follows from the seed.
 *
 * @param seed the case's number
 * @param kind of network
 * @param network its layers
 * @param values its tensors, float32 numbers
 * @param inputs {@code [N, D]} in {@code [0,1]}, float64
 * @param norm of the perturbation
 * @param clip whether it stays in {@code [0,1]}
 * @param type in which bounds are computed
 * @param nearLimit whether the radius is to be just below the largest certifiable one
 */
record SoundnessCase(
    long seed,
    NetworkKind kind,
    Network network,
    ParameterValues values,
    HostTensor inputs,
    Norm norm,
    boolean clip,
    DataType type,
    boolean nearLimit) {

  /** The case of this number for a norm. */
  static SoundnessCase of(long seed, Norm norm, int samples) {
    SplittableRandom random =
        new SplittableRandom(0x5EED_0000L + 31 * seed + norm.name().hashCode());
    NetworkKind[] kinds = NetworkKind.values();
    NetworkKind kind = kinds[(int) (seed % kinds.length)];
    Network network = kind.draw(random);
    ParameterValues values = RandomValues.draw(network, random);
    long width = network.inputShape().size();
    // Some pixels lie on the border of [0,1], where clipping cuts the ball.
    double[] pixels =
        random
            .doubles(samples * width, -0.15, 1.15)
            .map(value -> Math.min(1, Math.max(0, value)))
            .toArray();
    HostTensor inputs = HostTensor.of(pixels, samples, width);
    boolean clip = random.nextBoolean();
    DataType type = random.nextInt(4) == 0 ? DataType.FLOAT32 : DataType.FLOAT64;
    return new SoundnessCase(
        seed, kind, network, values, inputs, norm, clip, type, random.nextInt(3) > 0);
  }

  /** The perturbation set with a radius. */
  NormBall set(double eps) {
    return new NormBall(norm, eps, clip);
  }

  /** What rounding may cost, relative to the size of what is bounded. */
  double tolerance() {
    return type == DataType.FLOAT64 ? 1e-10 : 1e-5;
  }

  @Override
  public String toString() {
    return "seed " + seed + ", " + kind + ", " + norm.name() + (clip ? " clipped, " : ", ") + type;
  }
}
