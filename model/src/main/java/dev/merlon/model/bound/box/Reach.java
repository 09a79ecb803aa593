package dev.merlon.model.bound.box;

import java.util.Optional;

/**
 * Where a value of the network can be: a box, and as long as no layer has mixed the inputs, also
 * the image of the perturbation's ball, which gives the first weighted layer tighter bounds than
 * the box does.
 *
 * @param box a box that holds every value
 * @param ball the scaled ball that holds every value, while it is still known
 */
public record Reach(Box box, Optional<ScaledBall> ball) {
  /** A box and nothing more. */
  public static Reach of(Box box) {
    return new Reach(box, Optional.empty());
  }
}
