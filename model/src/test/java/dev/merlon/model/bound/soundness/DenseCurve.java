package dev.merlon.model.bound.soundness;

/**
 * An S-shaped activation.
 *
 * @param operand the value it takes
 * @param tangent whether it is the hyperbolic tangent, else the logistic function
 */
record DenseCurve(int operand, boolean tangent) implements DenseNonlinear {
  private static final double NARROW = 1e-5;

  @Override
  public Ends image(Ends in, Fault fault) {
    double[] lower = in.lower().clone();
    double[] upper = in.upper().clone();
    for (int i = 0; i < lower.length; i++) {
      lower[i] = value(lower[i]);
      upper[i] = value(upper[i]);
    }
    return new Ends(lower, upper);
  }

  @Override
  public double[][] back(double[][] a, Ends z, double[] constant, Fault fault) {
    double[][] result = new double[a.length][z.lower().length];
    for (int i = 0; i < z.lower().length; i++) {
      double[] above = above(z.lower()[i], z.upper()[i], fault);
      double[] mirrored = above(-z.upper()[i], -z.lower()[i], fault);
      double sum = tangent ? 0 : 1;
      for (int r = 0; r < a.length; r++) {
        boolean lowerLine = a[r][i] >= 0;
        result[r][i] = a[r][i] * (lowerLine ? mirrored[0] : above[0]);
        constant[r] += a[r][i] * (lowerLine ? sum - mirrored[1] : above[1]);
      }
    }
    return result;
  }

  // Slope and intercept of the line above the curve.
  private double[] above(double l, double u, Fault fault) {
    if (u - l < NARROW) {
      double slope = Math.min(slope(l), slope(u));
      return new double[] {slope, value(u) - slope * u};
    }
    double chord = (value(u) - value(l)) / (u - l);
    boolean chordIsAbove = u <= 0 || chord <= slope(u);
    if (chordIsAbove ^ fault == Fault.TANGENT_AND_CHORD_SWAPPED) {
      return new double[] {chord, value(u) - chord * u};
    }
    double d = l >= 0 || chordIsAbove ? 0.5 * (l + u) : contact(l, u);
    return new double[] {slope(d), value(d) - slope(d) * d};
  }

  private double contact(double l, double u) {
    double low = 0;
    double high = u;
    for (int i = 0; i < 200; i++) {
      double d = 0.5 * (low + high);
      if (value(d) + slope(d) * (l - d) >= value(l)) {
        high = d;
      } else {
        low = d;
      }
    }
    return high;
  }

  private double value(double x) {
    return tangent ? Math.tanh(x) : 1 / (1 + Math.exp(-x));
  }

  private double slope(double x) {
    double cosh = Math.cosh(tangent ? x : x / 2);
    return 1 / (cosh * cosh) / (tangent ? 1 : 4);
  }
}
