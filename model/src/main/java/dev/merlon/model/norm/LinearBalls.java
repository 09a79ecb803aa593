package dev.merlon.model.norm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Balls as linear constraints. */
final class LinearBalls {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private LinearBalls() {}

  /** The ball of the maximum norm. */
  static LinearRegion box(double eps, boolean clip, double... x) {
    return new LinearRegion(x.length, lower(eps, clip, x), upper(eps, clip, x), List.of());
  }

  /**
   * The ball of {@code l_1}: behind the pixels stand their distances from the input, which add up
   * to the radius at most.
   */
  static LinearRegion diamond(double eps, boolean clip, double... x) {
    int pixels = x.length;
    double[] lower = Arrays.copyOf(lower(eps, clip, x), 2 * pixels);
    double[] upper = Arrays.copyOf(upper(eps, clip, x), 2 * pixels);
    Arrays.fill(upper, pixels, 2 * pixels, eps);
    int[] distances = new int[pixels];
    double[] ones = new double[pixels];
    Arrays.setAll(distances, i -> pixels + i);
    Arrays.fill(ones, 1);
    List<LinearRegion.Row> rows = new ArrayList<>();
    rows.add(new LinearRegion.Row(distances, ones, -INFINITY, eps));
    for (int i = 0; i < pixels; i++) {
      int[] both = {pixels + i, i};
      rows.add(new LinearRegion.Row(both, new double[] {1, -1}, -x[i], INFINITY));
      rows.add(new LinearRegion.Row(both, new double[] {1, 1}, x[i], INFINITY));
    }
    return new LinearRegion(pixels, lower, upper, rows);
  }

  private static double[] lower(double eps, boolean clip, double... x) {
    return Arrays.stream(x).map(at -> clip ? Math.max(at - eps, 0) : at - eps).toArray();
  }

  private static double[] upper(double eps, boolean clip, double... x) {
    return Arrays.stream(x).map(at -> clip ? Math.min(at + eps, 1) : at + eps).toArray();
  }
}
