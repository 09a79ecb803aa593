package dev.merlon.model.verify.soundness;

import dev.merlon.model.verify.soundness.PlainNetwork.Form;

/** Where neurons may be when the input is within a radius: intervals, widened for rounding. */
final class Intervals {
  private Intervals() {}

  /** Ends of input and neurons over a ball. */
  static void fill(PlainNetwork network, Ball ball, double most, double[] low, double[] high) {
    for (int i = 0; i < network.inputs(); i++) {
      double at = ball.center()[i];
      low[i] = ball.clip() ? Math.max(0, at - most) : at - most;
      high[i] = ball.clip() ? Math.min(1, at + most) : at + most;
    }
    for (int i = 0; i < network.neurons().size(); i++) {
      PlainNetwork.Neuron neuron = network.neurons().get(i);
      double[] ends = ends(neuron.operand(), network, ball, most, low, high);
      low[network.inputs() + i] = neuron.at(ends[0]);
      high[network.inputs() + i] = neuron.at(ends[1]);
    }
  }

  /** Number of neurons that may be on either side of 0. */
  static int unstable(PlainNetwork network, Ball ball, double most) {
    int length = network.inputs() + network.neurons().size();
    double[] low = new double[length];
    double[] high = new double[length];
    fill(network, ball, most, low, high);
    int unstable = 0;
    for (PlainNetwork.Neuron neuron : network.neurons()) {
      double[] ends = ends(neuron.operand(), network, ball, most, low, high);
      unstable += ends[0] < 0 && ends[1] > 0 ? 1 : 0;
    }
    return unstable;
  }

  /** Ends of a function: by the ball's own norm where only the input counts, else by intervals. */
  static double[] ends(
      Form form, PlainNetwork network, Ball ball, double most, double[] low, double[] high) {
    double middle = form.constant();
    double around = 0;
    for (int i = 0; i < form.weights().length; i++) {
      middle += form.weights()[i] * 0.5 * (low[i] + high[i]);
      around += Math.abs(form.weights()[i]) * 0.5 * (high[i] - low[i]);
    }
    double lower = middle - around;
    double upper = middle + around;
    if (form.weights().length <= network.inputs()) {
      double center = form.at(ball.center());
      double reach = most * ball.dual(form.weights());
      lower = Math.max(lower, center - reach);
      upper = Math.min(upper, center + reach);
    }
    double slack = 1e-9 * (1 + Math.abs(lower) + Math.abs(upper));
    return new double[] {lower - slack, upper + slack};
  }
}
