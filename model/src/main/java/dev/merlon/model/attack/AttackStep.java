package dev.merlon.model.attack;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.attack.Pgd.StepWidth;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;

/**
 * How an attack moves inside a perturbation set: where it starts and how it steps from a gradient.
 * Its tensors live in the scope it was made for.
 */
final class AttackStep {
  private final PerturbationSet set;
  private final NDArray x;
  private final NDArray reach;
  private final NDArray width;

  /**
   * @param x {@code [N, ...]}, in the scope that also owns this object's tensors
   * @param measure what a full step is
   */
  AttackStep(PerturbationSet set, NDArray x, StepWidth measure) {
    this.set = set;
    this.x = x;
    NDArray half = Scalars.times(set.upper(x).sub(set.lower(x)), 0.5);
    this.reach = set.norm().stepWidth(half, set.eps());
    this.width = measure == StepWidth.PER_PIXEL ? reach : reach.max().broadcast(reach.getShape());
  }

  /**
   * A random point around each sample.
   *
   * @param inside whether it is projected on the set; otherwise it may lie a little outside where
   *     {@code [0,1]} clips the set
   */
  NDArray start(StartPoints starts, boolean inside, Scope work) {
    NDArray unit = starts.unit(set.norm(), work, x.getDataType(), x.getShape());
    NDArray start = work.constant(x).add(unit.mul(reach));
    return inside ? set.project(work.constant(x), start) : start;
  }

  /**
   * The next iterate, in {@code work}.
   *
   * @param point {@code [N, ...]}
   * @param gradient of what is maximised, at {@code point}
   * @param size share of a full step
   */
  NDArray next(NDArray point, NDArray gradient, double size, Scope work) {
    NDArray from = work.constant(point);
    NDArray direction =
        set.norm().attackDirection(work.constant(gradient), from, set.clip()).mul(width);
    NDArray moved = from.add(Scalars.times(direction, size));
    return set.project(work.constant(x), moved);
  }
}
