package dev.merlon.model.training;

/**
 * Counts over evaluated images, with running batch-norm statistics.
 *
 * @param size images
 * @param correct classified correctly when clean
 * @param certified proved by interval bounds
 */
public record EvaluationCounts(int size, int correct, int certified) {
  /** No images. */
  public static final EvaluationCounts NONE = new EvaluationCounts(0, 0, 0);

  /** The counts of both together. */
  public EvaluationCounts plus(EvaluationCounts other) {
    return new EvaluationCounts(
        size + other.size, correct + other.correct, certified + other.certified);
  }
}
