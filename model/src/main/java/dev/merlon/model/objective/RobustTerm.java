package dev.merlon.model.objective;

import dev.merlon.config.objective.Concretisation;
import dev.merlon.config.objective.TapsSettings;
import java.util.List;
import java.util.stream.Stream;

/**
 * A robust loss per sample, most of them the cross-entropy of margins. A new kind is a new record
 * and a method of {@link RobustTermVisitor}.
 */
public sealed interface RobustTerm {

  /** The regions whose bounds the term is made of. */
  List<Region> regions();

  /** Calls the visitor's method for this kind of term. */
  <T> T accept(RobustTermVisitor<T> visitor);

  /**
   * Cross-entropy at an adversarial point.
   *
   * @param attack number of the plan's attack
   */
  record AtPoint(int attack) implements RobustTerm {
    @Override
    public List<Region> regions() {
      return List.of();
    }

    @Override
    public <T> T accept(RobustTermVisitor<T> visitor) {
      return visitor.atPoint(this);
    }
  }

  /**
   * Cross-entropy of the margin bounds over a region, by interval bound propagation.
   *
   * @param region what is propagated
   */
  record OverRegion(Region region) implements RobustTerm {
    @Override
    public List<Region> regions() {
      return List.of(region);
    }

    @Override
    public <T> T accept(RobustTermVisitor<T> visitor) {
      return visitor.overRegion(this);
    }
  }

  /**
   * A term of its own for each part of the batch, every part with the same weight (CURE-Random).
   *
   * @param parts terms over one small region each, in the order of the parts
   */
  record RegionOfShare(List<RobustTerm> parts) implements RobustTerm {
    /** Copies the list and checks the regions. */
    public RegionOfShare {
      parts = List.copyOf(parts);
      if (!parts.stream().allMatch(RegionOfShare::ofOneSmallRegion)) {
        throw new IllegalArgumentException("a part of a batch needs a term over a small region");
      }
    }

    /** The parts' regions. */
    public Region.Divided region() {
      return new Region.Divided(
          parts.stream().map(part -> (Region.Small) part.regions().get(0)).toList());
    }

    private static boolean ofOneSmallRegion(RobustTerm part) {
      return part.regions().size() == 1 && part.regions().get(0) instanceof Region.Small;
    }

    @Override
    public List<Region> regions() {
      return List.of(region());
    }

    @Override
    public <T> T accept(RobustTermVisitor<T> visitor) {
      return visitor.regionOfShare(this);
    }
  }

  /**
   * Cross-entropy of {@code share * backward + (1 - share) * interval} margins, the backward ones
   * by one pass over interval bounds (CROWN-IBP, Zhang et al. 2020).
   *
   * @param region what is bounded
   * @param share {@code beta}, above 0, at most 1
   * @param concretise where the backward pass is concretised
   */
  record BackwardOverIntervals(Region region, double share, Concretisation concretise)
      implements RobustTerm {
    @Override
    public List<Region> regions() {
      return List.of(region);
    }

    @Override
    public <T> T accept(RobustTermVisitor<T> visitor) {
      return visitor.backwardOverIntervals(this);
    }
  }

  /**
   * A bound of the cross-entropy itself over a region by one backward row (loss fusion, Xu et al.
   * 2020), mixed with the interval bound by {@code share}.
   *
   * @param region what is bounded
   * @param share {@code beta}, above 0, at most 1
   * @param concretise where the backward pass is concretised
   */
  record FusedLoss(Region region, double share, Concretisation concretise) implements RobustTerm {
    @Override
    public List<Region> regions() {
      return List.of(region);
    }

    @Override
    public <T> T accept(RobustTermVisitor<T> visitor) {
      return visitor.fusedLoss(this);
    }
  }

  /**
   * Cross-entropy of margins whose every pre-activation bound has a backward pass of its own
   * (CROWN; "linear relaxation training").
   *
   * @param region what is bounded
   */
  record BackwardAllTheWay(Region region) implements RobustTerm {
    @Override
    public List<Region> regions() {
      return List.of(region);
    }

    @Override
    public <T> T accept(RobustTermVisitor<T> visitor) {
      return visitor.backwardAllTheWay(this);
    }
  }

  /**
   * Cross-entropy of margins at points searched in the latent box behind a split (TAPS, Mao et al.
   * 2023).
   *
   * @param region what is propagated up to the split
   * @param taps the split and the search
   */
  record LatentSearch(Region region, TapsSettings taps) implements RobustTerm {
    @Override
    public List<Region> regions() {
      return List.of(region);
    }

    @Override
    public <T> T accept(RobustTermVisitor<T> visitor) {
      return visitor.latentSearch(this);
    }
  }

  /**
   * Cross-entropy of {@code (1 - share) * first + share * second} margins (CC-IBP, De Palma et al.
   * 2024).
   */
  record MixedMargins(RobustTerm first, RobustTerm second, double share) implements RobustTerm {
    @Override
    public List<Region> regions() {
      return Stream.of(first, second).flatMap(term -> term.regions().stream()).toList();
    }

    @Override
    public <T> T accept(RobustTermVisitor<T> visitor) {
      return visitor.mixedMargins(this);
    }
  }
}
