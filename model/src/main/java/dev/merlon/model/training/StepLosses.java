package dev.merlon.model.training;

/**
 * What a step's forward pass measured.
 *
 * @param total what is minimised, without the L1 term
 * @param natural mean cross-entropy on clean inputs
 * @param robust combined robust loss; equal to {@code natural} for natural training
 * @param regulariser weighted warm-up regulariser
 * @param alignment weighted bound alignment, a part of the robust loss that {@code robust} leaves
 *     out; 0 where there is none
 * @param size images of the batch
 * @param correct of them classified correctly when clean
 * @param certified of them with every margin above 0 in every robust term: bounds of the step's
 *     region, and those at points; correct ones where the step has no robust term
 */
public record StepLosses(
    double total,
    double natural,
    double robust,
    double regulariser,
    double alignment,
    int size,
    int correct,
    int certified) {
  /** Losses of a step without alignment. */
  public StepLosses(
      double total,
      double natural,
      double robust,
      double regulariser,
      int size,
      int correct,
      int certified) {
    this(total, natural, robust, regulariser, 0, size, correct, certified);
  }

  /** No images. */
  public static final StepLosses NONE = new StepLosses(0, 0, 0, 0, 0, 0, 0);

  /** The losses over the images of both: means weighted by them, and counts. */
  public StepLosses plus(StepLosses other) {
    if (size == 0) {
      return other;
    }
    double share = (double) other.size / (size + other.size);
    return new StepLosses(
        mean(total, other.total, share),
        mean(natural, other.natural, share),
        mean(robust, other.robust, share),
        mean(regulariser, other.regulariser, share),
        mean(alignment, other.alignment, share),
        size + other.size,
        correct + other.correct,
        certified + other.certified);
  }

  private static double mean(double one, double other, double share) {
    return one * (1 - share) + other * share;
  }

  /** The total with its parts, for messages. */
  String words() {
    return total
        + ": natural "
        + natural
        + ", robust "
        + robust
        + ", regulariser "
        + regulariser
        + ", alignment "
        + alignment;
  }

  /** Whether every loss is a number. */
  public boolean isFinite() {
    return Double.isFinite(total)
        && Double.isFinite(natural)
        && Double.isFinite(robust)
        && Double.isFinite(regulariser)
        && Double.isFinite(alignment);
  }
}
