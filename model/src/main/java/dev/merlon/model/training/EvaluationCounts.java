package dev.merlon.model.training;

/**
 * Counts over evaluated images, with running batch-norm statistics.
 *
 * @param size images
 * @param correct classified correctly when clean
 * @param withstood of them also under the attack for every threat; {@code correct} where there was
 *     no attack
 * @param latent of them right at every latent point that was searched, for every threat; {@code
 *     correct} where there was no such search
 * @param certified of the correct ones proved by bounds for every threat
 */
public record EvaluationCounts(int size, int correct, int withstood, int latent, int certified) {
  /** Counts without a latent search. */
  public EvaluationCounts(int size, int correct, int withstood, int certified) {
    this(size, correct, withstood, correct, certified);
  }

  /** No images. */
  public static final EvaluationCounts NONE = new EvaluationCounts(0, 0, 0, 0);

  /** The counts of both together. */
  public EvaluationCounts plus(EvaluationCounts other) {
    return new EvaluationCounts(
        size + other.size,
        correct + other.correct,
        withstood + other.withstood,
        latent + other.latent,
        certified + other.certified);
  }

  /** A count as a share of all images; 0 of none. */
  public double share(int count) {
    return size == 0 ? 0 : (double) count / size;
  }
}
