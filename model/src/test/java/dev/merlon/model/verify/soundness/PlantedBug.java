package dev.merlon.model.verify.soundness;

import java.util.List;

/**
 * Mistakes planted one at a time in the product's own source code, which is compiled again for it.
 * Where the code around a place changes, its text here has to follow.
 */
enum PlantedBug {
  /** Upper lines half as steep as chords, so that they cut through the rectifier. */
  WRONG_UPPER_SLOPE(
      Rungs.BOUNDS,
      edit(
          "bound/linear/RectifierLines",
          "upper.mul(unstable).div(width), 1 - slope)",
          "upper.mul(unstable).div(width), 0.5 * (1 - slope))")),
  /** Upper lines run through 0. */
  INTERCEPT_DROPPED(
      Rungs.BOUNDS,
      edit("bound/linear/RectifierLines", "steeper.mul(lower).neg()", "steeper.zerosLike()")),
  /** Optimised slopes may be negative. */
  SLOPES_WITHOUT_LIMIT(
      Rungs.ALL,
      edit(
          "bound/split/RowBatch",
          "NDArrays.where(slopes.lt(low), like(low, slopes), slopes)",
          "slopes")),
  /** Linear functions over Euclidean balls are bounded by the largest coefficient. */
  WRONG_DUAL_NORM(
      Rungs.BOUNDS,
      edit(
          "norm/L2",
          "root(rows.square().sum(new int[] {rows.getShape().dimension() - 1}))",
          "rows.abs().max(new int[] {rows.getShape().dimension() - 1})")),
  /** So are the neurons of the first layer. */
  WRONG_DUAL_NORM_OF_ROWS(
      Rungs.BOUNDS, edit("norm/L2", "root(rows.powerSum(2))", "rows.maximum()")),
  /** Over boxes, coefficients of both signs cancel. */
  ABSOLUTE_VALUES_DROPPED(
      Rungs.BOUNDS,
      edit(
          "norm/NormBall",
          "rows.times(center).sub(rows.abs().times(radius))",
          "rows.times(center).sub(rows.times(radius).abs())")),
  /** Of each split only the half in which the neuron is active is looked at. */
  HALF_FORGOTTEN(
      Rungs.ALL,
      edit(
          "verify/branch/OpenSubproblem",
          "List.of(split(neuron, true), split(neuron, false))",
          "List.of(split(neuron, true))")),
  /** The constraint of the inactive half is lost: both halves are the active one. */
  SPLIT_CONSTRAINT_DROPPED(
      Rungs.ALL,
      edit(
          "bound/split/RowBatch",
          "subproblem.active(i) ? -1 : 1",
          "subproblem.active(i) ? -1 : -1")),
  /** Multipliers of splits count with the wrong sign. */
  BETA_OF_WRONG_SIGN(
      Rungs.ALL,
      edit(
          "bound/split/RowBatch",
          "multipliers(parameters).mul(sides)",
          "multipliers(parameters).mul(sides.neg())")),
  /** Multipliers of splits may be negative. */
  BETA_WITHOUT_LIMIT(
      Rungs.ALL,
      edit(
          "bound/split/RowBatch",
          "NDArrays.where(values.lt(0), values.zerosLike(), values)",
          "values")),
  /** Backward through a padded convolution as if there were no padding. */
  PADDING_IGNORED(
      Rungs.BOUNDS,
      edit(
          "network/AffineMap",
          "return Convolution.adjoint(a, weight, operation.geometry(),"
              + " Pooling.extent(inputShape));",
          """
          Convolution.Geometry g = operation.geometry();
          Convolution.Extent none = Convolution.Extent.square(0);
          int rows = (int) inputShape.get(1);
          int columns = (int) inputShape.get(2);
          Convolution.Extent wide =
              new Convolution.Extent(
                  rows + 2 * g.padding().height(), columns + 2 * g.padding().width());
          return Convolution.adjoint(
                  a,
                  weight,
                  new Convolution.Geometry(g.stride(), none, g.dilation(), g.groups()),
                  wide)
              .get(":,:,0:" + rows + ",0:" + columns);
          """)),
  /** Boxes are not divided by the normalisation's deviation. */
  NORMALISATION_SKIPPED(
      Rungs.BOUNDS,
      edit(
          "bound/box/BoxPropagation",
          "affine.applyToRadius(layer.spread(in))",
          "layer.spread(in)")),
  /** Nor are coefficients on their way back. */
  NORMALISATION_SKIPPED_BACKWARDS(
      Rungs.BOUNDS,
      edit(
          "bound/linear/BackwardPass",
          "at.split(affine.adjoint(at.batch()))",
          "at.split(at.batch())")),
  /**
   * Behind an operation per channel a Euclidean ball is its centre, as in the field's best verifier
   * (section 1 of its bounds on normalisation inside the graph).
   */
  BALL_LOST_AT_NORMALISATION(
      Rungs.BOUNDS,
      edit(
          "bound/box/BoxPropagation",
          "NDArray radius = affine.applyToRadius(layer.spread(in));",
          """
          NDArray radius = affine.applyToRadius(layer.spread(in));
          if (at.first().ball().isPresent()) {
            return Reach.of(
                Box.between(
                    affine.apply(at.first().ball().get().center()),
                    affine.apply(at.first().ball().get().center())));
          }
          """)),
  /** Coefficients that meet at a fork overwrite each other. */
  FORK_OVERWRITTEN(
      Rungs.BOUNDS, edit("bound/linear/LinearForm", "known.add(more)", "more.duplicate()")),
  /** The whole ball is asked for and its part in [0,1] is bounded. */
  ALWAYS_CLIPPED(
      Rungs.BOUNDS,
      edit(
          "norm/NormBall",
          "return clip ? Scalars.atLeast(lower, 0) : lower;",
          "return Scalars.atLeast(lower, 0);"),
      edit(
          "norm/NormBall",
          "return clip ? Scalars.atMost(upper, 1) : upper;",
          "return Scalars.atMost(upper, 1);")),
  /** One class that is proved to be behind is taken for all. */
  ONE_CLASS_IS_ENOUGH(
      Rungs.BOUNDS,
      edit(
          "verify/verdict/MarginBounds",
          "finite() && others().allMatch(j -> bounds[j] > 0)",
          "finite() && others().anyMatch(j -> bounds[j] > 0)")),
  /** Candidates of the attack are not held to the set. */
  COUNTEREXAMPLE_OUTSIDE(
      Rungs.BRANCHING,
      edit("norm/Confinement", "return distance(set, x, point) <= set.eps();", "return true;"));

  private final Rungs rungs;

  @SuppressWarnings("ImmutableEnumChecker") // A list that cannot be changed.
  private final List<Edit> edits;

  PlantedBug(Rungs rungs, Edit... edits) {
    this.rungs = rungs;
    this.edits = List.of(edits);
  }

  /** What the verifier climbs. */
  enum Rungs {
    /** Everything. */
    ALL,
    /** Without the rungs that optimise. */
    BOUNDS,
    /** Branch and bound alone. */
    BRANCHING
  }

  /**
   * A change of one source file.
   *
   * @param type path of the type below the module's package
   * @param good a text that is in it once
   * @param bad what stands there instead
   */
  record Edit(String type, String good, String bad) {}

  Rungs rungs() {
    return rungs;
  }

  List<Edit> edits() {
    return edits;
  }

  private static Edit edit(String type, String good, String bad) {
    return new Edit(type, good, bad);
  }
}
