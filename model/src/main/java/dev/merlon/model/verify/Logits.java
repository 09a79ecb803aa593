package dev.merlon.model.verify;

/** What logits say: the winning class and the margin of a label. */
final class Logits {
  private Logits() {}

  /** The class of the largest logit, the first of several equal ones. */
  static int best(float[] logits) {
    int best = 0;
    for (int j = 1; j < logits.length; j++) {
      if (logits[j] > logits[best]) {
        best = j;
      }
    }
    return best;
  }

  /** Whether no logit is NaN or infinite. */
  static boolean finite(float[] logits) {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        return false;
      }
    }
    return true;
  }

  /** Whether another class is strictly ahead of the label. */
  static boolean refute(float[] logits, int label) {
    return logits[best(logits)] > logits[label];
  }
}
