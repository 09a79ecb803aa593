package dev.merlon.model.bound.soundness;

import java.util.List;

/** Largest values of windows. */
final class DenseMaximum implements DenseNonlinear {
  private final int operand;
  private final List<int[]> windows;
  private final boolean[] padded;

  /**
   * A pool.
   *
   * @param operand the value it takes
   * @param windows for each neuron of the value, the neurons of the operand it sees
   * @param padded whether its window reaches over the border
   */
  DenseMaximum(int operand, List<int[]> windows, boolean[] padded) {
    this.operand = operand;
    this.windows = windows;
    this.padded = padded;
  }

  @Override
  public int operand() {
    return operand;
  }

  @Override
  public Ends image(Ends in, Fault fault) {
    return new Ends(maxima(fault, in.lower()), maxima(fault, in.upper()));
  }

  @Override
  public double[][] back(double[][] a, Ends z, double[] constant, Fault fault) {
    double[][] result = new double[a.length][z.lower().length];
    for (int i = 0; i < windows.size(); i++) {
      int chosen = best(windows.get(i), -1, z.lower());
      int other = best(windows.get(i), chosen, z.upper());
      boolean open = other >= 0 && z.upper()[other] > z.lower()[chosen];
      double ceiling = z.upper()[best(windows.get(i), -1, z.upper())];
      boolean constantAbove = open && fault != Fault.POOL_TAKEN_FOR_DECIDED;
      int taken = fault == Fault.POOL_OTHER_TAP && other >= 0 ? other : chosen;
      for (int r = 0; r < a.length; r++) {
        if (a[r][i] < 0 && constantAbove) {
          constant[r] += a[r][i] * ceiling;
        } else {
          result[r][taken] += a[r][i];
        }
      }
    }
    return result;
  }

  private static int best(int[] window, int except, double... values) {
    int best = -1;
    for (int neuron : window) {
      if (neuron != except && (best < 0 || values[neuron] > values[best])) {
        best = neuron;
      }
    }
    return best;
  }

  private double[] maxima(Fault fault, double... values) {
    double[] maxima = new double[windows.size()];
    for (int i = 0; i < maxima.length; i++) {
      maxima[i] = values[best(windows.get(i), -1, values)];
      if (fault == Fault.POOL_PADDING_COUNTED && padded[i]) {
        maxima[i] = Math.max(0, maxima[i]);
      }
    }
    return maxima;
  }
}
