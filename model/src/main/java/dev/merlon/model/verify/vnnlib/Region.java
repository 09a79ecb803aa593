package dev.merlon.model.verify.vnnlib;

import java.util.List;
import org.apache.commons.numbers.fraction.BigFraction;

/**
 * A box of inputs and what makes a point of it a counterexample: one of several conjunctions.
 *
 * @param cases at least one
 */
public record Region(InputBox box, List<Conjunction> cases) {
  /** Keeps a copy. */
  public Region {
    cases = List.copyOf(cases);
  }

  /** Whether exactly this point lies in the box and meets one of the cases. */
  public boolean holds(List<BigFraction> x, List<BigFraction> y) {
    return box.contains(x) && cases.stream().anyMatch(conjunction -> conjunction.holds(x, y));
  }
}
