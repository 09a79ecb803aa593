package dev.merlon.model.norm;

/**
 * Which float32 points lie in a ball. Distances are computed in float64 and widened by more than
 * their rounding error, so that a point that is said to lie inside does.
 */
final class Confinement {
  private static final double ROUNDING = 0x1p-52;
  private static final int ATTEMPTS = 4;

  private Confinement() {}

  /** Whether a value of an input can be this number. */
  static boolean possible(NormBall set, float value) {
    return Float.isFinite(value) && (!set.clip() || (value >= 0 && value <= 1));
  }

  /** Whether {@code point} lies in the set around {@code x}; both flat. */
  static boolean holds(NormBall set, float[] x, float[] point) {
    if (point.length != x.length) {
      return false;
    }
    for (float value : point) {
      if (!possible(set, value)) {
        return false;
      }
    }
    return distance(set, x, point) <= set.eps();
  }

  /**
   * The point itself if it lies in the set, else a point of the set between it and {@code x}: the
   * perturbation is clipped, scaled down and rounded towards {@code x}.
   */
  static float[] inwards(NormBall set, float[] x, float[] point) {
    float[] inside = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      inside[i] = set.clip() ? Math.max(0, Math.min(1, point[i])) : point[i];
    }
    for (int attempt = 0; attempt < ATTEMPTS && !holds(set, x, inside); attempt++) {
      double distance = distance(set, x, inside);
      double scale = Math.min(1, set.eps() / distance) * (1 - ROUNDING * attempt);
      for (int i = 0; i < x.length; i++) {
        inside[i] = roundTowards(x[i], x[i] + scale * ((double) inside[i] - x[i]));
      }
    }
    return holds(set, x, inside) ? inside : x.clone();
  }

  private static double distance(NormBall set, float[] x, float[] point) {
    double[] perturbation = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      perturbation[i] = (double) point[i] - x[i];
    }
    return set.norm().measure(perturbation) * (1 + ROUNDING * (x.length + 4));
  }

  private static float roundTowards(float x, double value) {
    float nearest = (float) value;
    boolean beyond = Math.abs((double) nearest - x) > Math.abs(value - x);
    return beyond ? Math.nextAfter(nearest, (double) x) : nearest;
  }
}
