package dev.merlon.model.verify.specification;

import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * Constraints that hold together; met everywhere if there are none.
 *
 * @param constraints on outputs, on several inputs together, or on both
 */
public record Conjunction(List<LinearConstraint> constraints) {
  /** Keeps a copy. */
  public Conjunction {
    constraints = List.copyOf(constraints);
  }

  /** Whether exactly this point meets all of them. */
  public boolean holds(List<BigFraction> x, List<BigFraction> y) {
    return constraints.stream().allMatch(constraint -> constraint.holds(x, y));
  }
}
