package dev.merlon.model.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the steps of an epoch have added up to, by the name of the quantity. Immutable; sums are
 * taken in the order of the calls, so that equal steps give equal bits.
 */
public record EpochSums(Map<String, Sum> sums) {
  /** Nothing added yet. */
  public static final EpochSums EMPTY = new EpochSums(Map.of());

  /** Keeps the order of the map. */
  public EpochSums {
    sums = Collections.unmodifiableMap(new LinkedHashMap<>(sums));
  }

  /**
   * A mean in the making.
   *
   * @param total of the quantity
   * @param count images or steps that it covers
   */
  public record Sum(double total, long count) {
    /** {@code total / count}; 0 where nothing was added. */
    public double mean() {
      return count == 0 ? 0 : total / count;
    }
  }

  /**
   * This tally with more of one quantity.
   *
   * @param total of the quantity over {@code count} images or steps
   */
  public EpochSums plus(String name, double total, long count) {
    Map<String, Sum> next = new LinkedHashMap<>(sums);
    Sum sum = of(name);
    next.put(name, new Sum(sum.total + total, sum.count + count));
    return new EpochSums(next);
  }

  /** The sum of one quantity; zero where nothing was added. */
  public Sum of(String name) {
    return sums.getOrDefault(name, new Sum(0, 0));
  }
}
