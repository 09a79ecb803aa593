package dev.merlon.model.optimize;

import dev.merlon.config.training.RampKind;

/**
 * The radius over the steps of a run: 0 until {@code start}, {@code eps} from {@code end} on.
 *
 * @param kind how it grows between
 * @param eps final radius
 * @param start first step of the ramp
 * @param end first step at the final radius; not below {@code start}
 */
public record EpsSchedule(RampKind kind, double eps, long start, long end) {
  private static final double MIDDLE = 0.25;
  private static final int EXPONENT = 4;

  /** The radius at a step. */
  public double at(long step) {
    if (step >= end) {
      return eps;
    }
    if (step <= start) {
      return 0;
    }
    return switch (kind) {
      case LINEAR -> linear(step);
      case SMOOTH -> smooth(step);
    };
  }

  /** Whether the radius still grows at a step. */
  public boolean isRamping(long step) {
    return step < end;
  }

  private double linear(long step) {
    return eps * (step - start) / (end - start);
  }

  // Fourth power up to a quarter of the ramp, then the tangent there (Gowal et al. 2018 as
  // published by CTBench, CROWN-IBP and auto_LiRPA). A ramp of fewer than four steps has no such
  // quarter and is linear.
  private double smooth(long step) {
    long middle = start + (long) (MIDDLE * (end - start));
    if (middle == start) {
      return linear(step);
    }
    double cube = Math.pow((double) (middle - start), EXPONENT - 1);
    double scale = eps / ((end - middle) * EXPONENT * cube + (middle - start) * cube);
    if (step < middle) {
      return scale * Math.pow((double) (step - start), EXPONENT);
    }
    double atMiddle = scale * Math.pow((double) (middle - start), EXPONENT);
    return Math.min(eps, atMiddle + (eps - atMiddle) * (step - middle) / (end - middle));
  }
}
