package dev.merlon.model.objective;

import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.norm.NormBall;
import java.util.List;
import java.util.Optional;

/**
 * What one step computes: {@code (1-w) natural + w (combination(terms) + alignment) + regulariser}.
 *
 * @param attacks points to search for before the loss is built
 * @param terms robust loss terms, each a loss per sample
 * @param combination how the terms become one robust loss
 * @param alignment a further term that draws the bounds of several terms together
 * @param robustWeight {@code w}; 0 with no terms
 * @param regulariserWeight weight of the warm-up regulariser on the first term's box; 0 for none
 */
public record Plan(
    List<Search> attacks,
    List<RobustTerm> terms,
    Combination combination,
    Optional<Alignment> alignment,
    double robustWeight,
    double regulariserWeight) {
  /** Training on clean inputs alone. */
  public static final Plan NATURAL =
      new Plan(List.of(), List.of(), new Combination.Mean(), Optional.empty(), 0, 0);

  /** Copies the lists and checks that a weighted robust loss has a term. */
  public Plan {
    attacks = List.copyOf(attacks);
    terms = List.copyOf(terms);
    if (terms.isEmpty() && robustWeight != 0) {
      throw new IllegalArgumentException("a robust weight needs a robust term");
    }
  }

  /**
   * A plan with one term.
   *
   * @param attacks points to search for before the loss is built
   */
  public static Plan single(
      List<Search> attacks, RobustTerm term, double robustWeight, double regulariserWeight) {
    return new Plan(
        attacks,
        List.of(term),
        new Combination.Mean(),
        Optional.empty(),
        robustWeight,
        regulariserWeight);
  }

  /** The region whose interval bounds the regulariser looks at: that of the first term with one. */
  public Optional<Region> regularised() {
    return terms.stream().flatMap(term -> term.regions().stream()).findFirst();
  }

  /**
   * An adversarial search.
   *
   * @param set where it searches
   * @param settings its strength
   * @param options how steps are measured
   * @param share of the batch that it searches for
   */
  public record Search(
      NormBall set, AttackSettings settings, Pgd.Options options, BatchPart share) {
    /** A search for every image. */
    public Search(NormBall set, AttackSettings settings, Pgd.Options options) {
      this(set, settings, options, BatchPart.WHOLE);
    }

    /** The same search for a part of the batch. */
    public Search in(BatchPart part) {
      return new Search(set, settings, options, part);
    }

    /** Whether the set is the image alone, so that there is nothing to search. */
    public boolean single() {
      return set.eps() == 0;
    }

    /** Which batch-norm statistics it sees. */
    public AttackStatistics statistics() {
      return settings.statistics();
    }
  }

  /**
   * Bound alignment: {@code weight} times the KL divergence from the bounds of term {@code from} to
   * those of every other term, over the samples that {@code from} certifies.
   *
   * @param from number of the term with the harder norm
   * @param weight {@code eta}, above 0
   */
  public record Alignment(int from, double weight) {}
}
