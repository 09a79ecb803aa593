package dev.merlon.model.bound.soundness;

/**
 * A rectifier, leaky or not.
 *
 * @param operand the value it takes
 * @param leak slope below 0
 */
public record DenseRectifier(int operand, double leak) implements DenseNonlinear {
  @Override
  public Ends image(Ends in, Fault fault) {
    return new Ends(rectified(fault, in.lower()), rectified(fault, in.upper()));
  }

  @Override
  public double[][] back(double[][] a, Ends z, double[] constant, Fault fault) {
    double[][] result = new double[a.length][z.lower().length];
    double slope = slope(fault);
    for (int i = 0; i < z.lower().length; i++) {
      double l = z.lower()[i];
      double u = z.upper()[i];
      boolean unstable = l < 0 && u > 0;
      double upperSlope = unstable ? (u - slope * l) / (u - l) : l >= 0 ? 1 : slope;
      double intercept =
          unstable && fault != Fault.INTERCEPT_DROPPED ? (slope - upperSlope) * l : 0;
      double lowerSlope = unstable ? (u > -l ? 1 : slope) : upperSlope;
      for (int r = 0; r < a.length; r++) {
        boolean lowerLine = a[r][i] >= 0 ^ fault == Fault.SLOPES_SWAPPED;
        result[r][i] = a[r][i] * (lowerLine ? lowerSlope : upperSlope);
        constant[r] += lowerLine ? 0 : a[r][i] * intercept;
      }
    }
    return result;
  }

  private double[] rectified(Fault fault, double... values) {
    double[] result = values.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = result[i] < 0 ? slope(fault) * result[i] : result[i];
    }
    return result;
  }

  private double slope(Fault fault) {
    return fault == Fault.LEAK_FORGOTTEN ? 0 : leak;
  }
}
