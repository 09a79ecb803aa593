package dev.merlon.model.verify.vnnlib;

import java.util.List;

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
  public boolean holds(List<Rational> x, List<Rational> y) {
    return box.contains(x) && cases.stream().anyMatch(conjunction -> conjunction.holds(x, y));
  }
}
