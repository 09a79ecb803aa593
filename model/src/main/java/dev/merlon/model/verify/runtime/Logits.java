package dev.merlon.model.verify.runtime;

/** What logits say: the winning class and the margin of a label. */
public final class Logits {
  private Logits() {}

  /** The class of the largest logit, the first of several equal ones. */
  public static int best(double[] logits) {
    int best = 0;
    for (int j = 1; j < logits.length; j++) {
      if (logits[j] > logits[best]) {
        best = j;
      }
    }
    return best;
  }

  /** Whether no logit is NaN or infinite. */
  public static boolean finite(double[] logits) {
    for (double logit : logits) {
      if (!Double.isFinite(logit)) {
        return false;
      }
    }
    return true;
  }

  /** Whether another class is strictly ahead of the label. */
  static boolean refute(double[] logits, int label) {
    return logits[best(logits)] > logits[label];
  }
}
