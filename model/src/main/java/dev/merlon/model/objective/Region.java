package dev.merlon.model.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Scalars;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** An input region whose image is bounded in a training step. */
public sealed interface Region permits Region.Whole, Region.Small, Region.Divided {

  /**
   * The box to propagate.
   *
   * @param x clean inputs {@code [N, C, H, W]}
   * @param adversarial points of the plan's attacks, each of the same shape or, for an attack on a
   *     part of the batch, with the rows of that part; without gradient
   */
  Box box(NDArray x, List<NDArray> adversarial);

  /** Where the inputs may be; shapes as in {@link #box}. */
  default InputSet input(NDArray x, List<NDArray> adversarial) {
    Box box = box(x, adversarial);
    return InputSet.between(box.lower(), box.upper());
  }

  /** Interval bounds of the network over the region; shapes as in {@link #box}. */
  BoxTrace trace(LiveNetwork live, NDArray x, List<NDArray> adversarial);

  /** Radius of the perturbation set that the region lies in. */
  double eps();

  /**
   * The whole perturbation set. Where its ball is no box, the first weighted layer is bounded over
   * the ball as well as over the box around it.
   */
  record Whole(NormBall set, double reluShrinkage) implements Region {
    /** One whose rectifiers are bounded as they are. */
    public Whole(NormBall set) {
      this(set, 1);
    }

    @Override
    public double eps() {
      return set.eps();
    }

    @Override
    public Box box(NDArray x, List<NDArray> adversarial) {
      return Box.between(set.lower(x), set.upper(x));
    }

    @Override
    public InputSet input(NDArray x, List<NDArray> adversarial) {
      return InputSet.around(x, set);
    }

    @Override
    public BoxTrace trace(LiveNetwork live, NDArray x, List<NDArray> adversarial) {
      return BoxPropagation.shrunken(live, input(x, adversarial), reluShrinkage);
    }
  }

  /**
   * SABR's small region around an adversarial point (Mueller et al. 2023). No gradient flows
   * through the point.
   *
   * @param attack number of the plan's attack
   * @param set the whole perturbation set
   * @param ratio {@code lambda}: the region's share of the radius
   * @param form what the region is and how it is placed
   * @param reluShrinkage what the upper bounds of crossing rectifiers are multiplied by; below 1
   *     the result does not bound the network over the box
   */
  record Small(int attack, NormBall set, double ratio, RegionForm form, double reluShrinkage)
      implements Region {
    /** One whose rectifiers are bounded as they are. */
    public Small(int attack, NormBall set, double ratio, RegionForm form) {
      this(attack, set, ratio, form, 1);
    }

    @Override
    public BoxTrace trace(LiveNetwork live, NDArray x, List<NDArray> adversarial) {
      return form == RegionForm.BALL
          ? ball().trace(live, adversarial.get(attack), List.of())
          : BoxPropagation.shrunken(live, box(x, adversarial), reluShrinkage);
    }

    @Override
    public double eps() {
      return set.eps();
    }

    @Override
    public InputSet input(NDArray x, List<NDArray> adversarial) {
      return form == RegionForm.BALL
          ? ball().input(adversarial.get(attack), List.of())
          : Region.super.input(x, adversarial);
    }

    @Override
    public Box box(NDArray x, List<NDArray> adversarial) {
      NDArray point = adversarial.get(attack);
      NDArray lower = set.lower(x);
      NDArray upper = set.upper(x);
      return switch (form) {
        case DIMWISE -> dimwise(point, lower, upper);
        case SCALAR -> scalar(point.maximum(lower.add(tau())).minimum(upper.sub(tau())));
        case PAPER -> scalar(point);
        case BALL -> ball().box(point, List.of());
      };
    }

    // CTBench: half width lambda times the set's own half width at each pixel, so that the small
    // box always fits.
    private Box dimwise(NDArray point, NDArray lower, NDArray upper) {
      NDArray radius = Scalars.times(upper.sub(lower), ratio / 2);
      NDArray center = point.maximum(lower.add(radius)).minimum(upper.sub(radius));
      return Box.around(center, radius);
    }

    private Box scalar(NDArray center) {
      return Box.between(
          Scalars.atLeast(center.sub(tau()), 0), Scalars.atMost(center.add(tau()), 1));
    }

    // Around the point found. By the triangle inequality all of it lies in the set.
    private Whole ball() {
      return new Whole(set.withEps(tau()), reluShrinkage);
    }

    private double tau() {
      return ratio * set.eps();
    }
  }

  /**
   * Small regions of several perturbation sets, each for the part of the batch that its attack
   * searches, in the order of the parts (CURE-Random).
   */
  record Divided(List<Small> parts) implements Region {
    /** Copies the list. */
    public Divided {
      parts = List.copyOf(parts);
    }

    @Override
    public BoxTrace trace(LiveNetwork live, NDArray x, List<NDArray> adversarial) {
      return BoxTrace.joined(
          byPart(x, adversarial, (part, images) -> part.trace(live, images, adversarial)));
    }

    @Override
    public double eps() {
      return parts.get(0).eps();
    }

    @Override
    public Box box(NDArray x, List<NDArray> adversarial) {
      return Box.joined(byPart(x, adversarial, (part, images) -> part.box(images, adversarial)));
    }

    private <T> List<T> byPart(
        NDArray x, List<NDArray> adversarial, BiFunction<Small, NDArray, T> work) {
      List<T> results = new ArrayList<>();
      long from = 0;
      for (Small part : parts) {
        long to = from + adversarial.get(part.attack()).getShape().get(0);
        if (to > from) {
          results.add(work.apply(part, x.get(new NDIndex("{}:{}", from, to))));
        }
        from = to;
      }
      return results;
    }
  }
}
