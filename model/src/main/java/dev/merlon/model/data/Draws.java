package dev.merlon.model.data;

import java.util.random.RandomGenerator;

/**
 * Random values made from {@link RandomGenerator#nextLong()} alone, by arithmetic that is exact, so
 * that they are the same on every platform and in every Java release.
 */
final class Draws {
  private static final double UNIT = 0x1.0p-53;
  private static final int BOUND_BITS = 31;
  private static final int PARTS = 4;
  private static final int PART_BITS = 16;
  private static final int PART_MASK = (1 << PART_BITS) - 1;
  private static final double PARTS_MEAN = PARTS * PART_MASK / 2.0;
  private static final double PARTS_DEVIATION = Math.sqrt(PARTS / 12.0) * (1 << PART_BITS);

  private final RandomGenerator generator;

  Draws(RandomGenerator generator) {
    this.generator = generator;
  }

  /** Uniform from {@code low} to {@code high}, which itself comes up only by rounding. */
  double uniform(double low, double high) {
    return low + (high - low) * ((generator.nextLong() >>> 11) * UNIT);
  }

  /** True with the given probability. */
  boolean chance(double probability) {
    return uniform(0, 1) < probability;
  }

  /**
   * Bell-shaped with mean 0 and the given standard deviation, never beyond 3.5 deviations: the sum
   * of four uniform 16-bit numbers, centred and scaled.
   */
  double bell(double deviation) {
    long bits = generator.nextLong();
    long sum = 0;
    for (int part = 0; part < PARTS; part++) {
      sum += (bits >>> (part * PART_BITS)) & PART_MASK;
    }
    return (sum - PARTS_MEAN) / PARTS_DEVIATION * deviation;
  }

  /** Uniform in {@code 0..bound-1} without bias, by Lemire's multiplication with rejection. */
  int index(int bound) {
    long rejectBelow = (1L << BOUND_BITS) % bound;
    long mask = (1L << BOUND_BITS) - 1;
    while (true) {
      long product = (generator.nextLong() >>> (Long.SIZE - BOUND_BITS)) * bound;
      if ((product & mask) >= rejectBelow) {
        return (int) (product >>> BOUND_BITS);
      }
    }
  }
}
