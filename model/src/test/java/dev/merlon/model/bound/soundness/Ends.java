package dev.merlon.model.bound.soundness;

/** Lower and upper ends of one sample's value, flattened. */
final class Ends {
  private final double[] lower;
  private final double[] upper;

  Ends(double[] lower, double[] upper) {
    this.lower = lower;
    this.upper = upper;
  }

  double[] lower() {
    return lower;
  }

  double[] upper() {
    return upper;
  }

  double[] middle() {
    return Dense.scaled(Dense.sum(lower, upper), 0.5);
  }

  double[] halfWidth() {
    return Dense.scaled(Dense.sum(upper, Dense.negated(lower)), 0.5);
  }

  /** What a mistaken caller makes of them: the upper ends taken for the lower. */
  Ends exchanged() {
    double[] taken = upper;
    return new Ends(taken, lower);
  }
}
