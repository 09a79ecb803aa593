package dev.merlon.model.objective;

import dev.merlon.config.AttackSettings;
import dev.merlon.config.AttackStatistics;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.norm.PerturbationSet;
import java.util.List;

/**
 * What one step computes: {@code (1-w) natural + w combination(terms) + regulariser}.
 *
 * @param attacks points to search for before the loss is built
 * @param terms robust loss terms, each a loss per sample
 * @param combination how the terms become one robust loss
 * @param robustWeight {@code w}; 0 with no terms
 * @param regulariserWeight weight of the warm-up regulariser on the first term's box; 0 for none
 */
public record Plan(
    List<Search> attacks,
    List<RobustTerm> terms,
    Combination combination,
    double robustWeight,
    double regulariserWeight) {
  /** Copies the lists and checks that every term finds its attack. */
  public Plan {
    attacks = List.copyOf(attacks);
    terms = List.copyOf(terms);
    if (terms.isEmpty() && robustWeight != 0) {
      throw new IllegalArgumentException("a robust weight needs a robust term");
    }
  }

  /**
   * An adversarial search.
   *
   * @param set where it searches
   * @param settings its strength
   * @param options how steps are measured
   */
  public record Search(PerturbationSet set, AttackSettings settings, Pgd.Options options) {
    /** Which batch-norm statistics it sees. */
    public AttackStatistics statistics() {
      return settings.statistics();
    }
  }

  /** How several robust terms become one loss. */
  public enum Combination {
    /** The mean over the batch of the only term. */
    MEAN
  }
}
