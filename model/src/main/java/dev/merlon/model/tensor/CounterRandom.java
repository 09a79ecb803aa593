package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Randomness that depends on nothing but its key: a generator for (seed, epoch, step, role), so
 * that any step can be replayed alone and no draw depends on how many were made before it
 * elsewhere.
 */
public final class CounterRandom {
  private CounterRandom() {}

  /** What a random draw is for; each role has its own stream. */
  public enum Role {
    /** Initial weights. */
    INITIALISATION(0),
    /** Order of the samples in an epoch. */
    ORDER(1),
    /** Data augmentation. */
    AUGMENTATION(2),
    /** Start points of the adversarial search. */
    ATTACK(3),
    /** Choices made inside an objective. */
    OBJECTIVE(4),
    /** Content of generated data. */
    DATA(5),
    /** Start points of attacks in evaluation and verification. */
    EVALUATION(6),
    /** Which training images are held back for validation or test. */
    HOLD_OUT(7),
    /** Start points of searches in latent boxes. */
    LATENT(8),
    /** Start points of adaptive attacks in evaluation and verification. */
    ADAPTIVE_ATTACK(9);

    private final long key;

    Role(long key) {
      this.key = key;
    }
  }

  /** The generator of one key. Equal keys give equal streams, on every platform. */
  public static RandomGenerator of(long seed, long epoch, long step, Role role) {
    long key = mix(seed + 0x9E3779B97F4A7C15L);
    key = mix(key ^ mix(epoch + 0xD1B54A32D192ED03L));
    key = mix(key ^ mix(step + 0x8CB92BA72F3D8DD7L));
    key = mix(key ^ mix(role.key + 0xAAAAAAAAAAAAAAABL));
    return new SplittableRandom(key);
  }

  /**
   * The generator of a key that has the digest of some content in it.
   *
   * @param digest hexadecimal digits, a multiple of 16 of them
   * @param numbers which of the content's generators
   */
  public static RandomGenerator of(long seed, String digest, Role role, long... numbers) {
    long key = mix(seed + 0x9E3779B97F4A7C15L);
    for (int from = 0; from < digest.length(); from += Long.BYTES * 2) {
      String word = digest.substring(from, from + Long.BYTES * 2);
      key = mix(key ^ mix(Long.parseUnsignedLong(word, 16) + 0xD1B54A32D192ED03L));
    }
    for (long number : numbers) {
      key = mix(key ^ mix(number + 0x8CB92BA72F3D8DD7L));
    }
    key = mix(key ^ mix(role.key + 0xAAAAAAAAAAAAAAABL));
    return new SplittableRandom(key);
  }

  /** Uniform draws from {@code [low, high)} in row-major order. */
  public static NDArray uniform(
      RandomGenerator random, Scope scope, DataType type, double low, double high, long... shape) {
    double[] values = new double[size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = low + (high - low) * random.nextDouble();
    }
    return scope.tensor(values, type, shape);
  }

  /**
   * Uniform draws from {@code [0, 1)} in steps of {@code 2^-24}, in row-major order; two from each
   * number of the generator, so half the price of {@link #uniform}. The values are the same in
   * every element type.
   */
  public static NDArray unit(RandomGenerator random, Scope scope, DataType type, long... shape) {
    float[] values = new float[size(shape)];
    for (int i = 0; i < values.length; i += 2) {
      long bits = random.nextLong();
      values[i] = (bits >>> 40) * 0x1p-24f;
      if (i + 1 < values.length) {
        values[i + 1] = (bits & 0xFFFFFF) * 0x1p-24f;
      }
    }
    return scope.tensor(values, type, shape);
  }

  /** Standard normal draws in row-major order. */
  public static NDArray normal(RandomGenerator random, Scope scope, DataType type, long... shape) {
    double[] values = new double[size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return scope.tensor(values, type, shape);
  }

  private static int size(long... shape) {
    long size = 1;
    for (long extent : shape) {
      size = Math.multiplyExact(size, extent);
    }
    return Math.toIntExact(size);
  }

  // Stafford's variant 13 of the 64-bit finaliser: every input bit changes each output bit with
  // probability one half.
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
