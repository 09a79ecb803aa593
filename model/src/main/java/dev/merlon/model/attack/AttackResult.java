package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.norm.AttackSpace;
import dev.merlon.model.tensor.Scope;
import java.util.Optional;

/**
 * What an attack found.
 *
 * @param points one point of the perturbation set per sample, {@code [N, C, H, W]}
 * @param losses what was raised, at these points, {@code [N]}
 * @param parameters what leads to the points, {@code [N, P]}, where the set has parameters
 */
public record AttackResult(NDArray points, NDArray losses, Optional<NDArray> parameters) {

  /** The result at positions of a space, owned by {@code into}. */
  static AttackResult at(NDArray positions, NDArray losses, AttackSpace space, Scope into) {
    Optional<NDArray> parameters = space.parameters(positions).map(into::adopt);
    return new AttackResult(into.adopt(space.points(positions)), into.adopt(losses), parameters);
  }
}
