package dev.merlon.model.bound.box;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.norm.Enclosure;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Where each input of a batch may be, in the un-normalised input space: what bounds need to know of
 * it. Its tensors belong to whoever made them.
 */
public sealed interface InputSet {
  /** A point of each set, {@code [N, C, H, W]}; bounds belong to its scope. */
  NDArray point();

  /** What box propagation starts from. */
  Reach reach();

  /**
   * Lower bounds of linear functions over the sets.
   *
   * @param rows of {@code D = C H W} coefficients
   * @return {@code [N, R]}
   */
  NDArray minimum(Rows rows);

  /** At least the size of each coordinate, of what the sets were computed from too. */
  NDArray magnitude();

  /** The same sets as aliases in a scope, through which gradients flow. */
  default InputSet in(Scope scope) {
    return map(scope::view);
  }

  /**
   * The sets with their coordinates in other places, or some of them in several.
   *
   * @param moved takes {@code [N, C, H, W]} to what is computed from it by moving numbers alone, or
   *     by zeros where nothing looks
   */
  InputSet map(UnaryOperator<NDArray> moved);

  /** A ball around each sample of {@code x [N, C, H, W]}. */
  static InputSet around(NDArray x, NormBall ball) {
    return new Perturbed(x, ball);
  }

  /**
   * A cell of a perturbation set around each sample.
   *
   * @param x {@code [N, C, H, W]}, to whose scope new tensors belong
   */
  static InputSet around(NDArray x, PerturbationSet set, Cell cell) {
    return set.enclosure(x, cell).accept(new Around(x));
  }

  /** Input sets from what encloses perturbation sets around samples. */
  record Around(NDArray x) implements Enclosure.Visitor<InputSet> {
    @Override
    public InputSet ball(Enclosure.Ball enclosure) {
      return around(x, enclosure.ball());
    }

    @Override
    public InputSet boxes(Enclosure.Boxes enclosure) {
      return between(enclosure.lower(), enclosure.upper());
    }

    @Override
    public InputSet affine(Enclosure.Affine enclosure) {
      return new AffineImages(enclosure.center(), enclosure.generators(), enclosure.error());
    }
  }

  /** The boxes between two corners, {@code [N, C, H, W]}. */
  static InputSet between(NDArray lower, NDArray upper) {
    return new Boxes(lower, upper);
  }

  /**
   * Balls around samples.
   *
   * @param point the samples
   */
  record Perturbed(NDArray point, NormBall set) implements InputSet {
    @Override
    public Reach reach() {
      Box box = Box.between(set.lower(point), set.upper(point));
      Optional<ScaledBall> ball =
          set.norm().ballIsBox() ? Optional.empty() : Optional.of(ScaledBall.around(point, set));
      return new Reach(box, ball);
    }

    @Override
    public NDArray minimum(Rows rows) {
      return set.minimum(rows, AffineMap.flatten(point));
    }

    @Override
    public NDArray magnitude() {
      return point.abs().add(2 * set.eps());
    }

    @Override
    public InputSet map(UnaryOperator<NDArray> moved) {
      return new Perturbed(moved.apply(point), set);
    }
  }

  /** Boxes of any form, each lower corner nowhere above its upper one. */
  record Boxes(NDArray lower, NDArray upper) implements InputSet {
    @Override
    public NDArray point() {
      return lower;
    }

    @Override
    public Reach reach() {
      return Reach.of(Box.between(lower, upper));
    }

    @Override
    public NDArray minimum(Rows rows) {
      NDArray below = AffineMap.flatten(lower);
      NDArray above = AffineMap.flatten(upper);
      NDArray center = Scalars.times(below.add(above), 0.5);
      NDArray radius = Scalars.times(above.sub(below), 0.5);
      return rows.times(center).sub(rows.abs().times(radius));
    }

    @Override
    public NDArray magnitude() {
      return lower.abs().maximum(upper.abs());
    }

    @Override
    public InputSet map(UnaryOperator<NDArray> moved) {
      return new Boxes(moved.apply(lower), moved.apply(upper));
    }
  }

  /**
   * Affine images of the cube {@code [-1,1]^P} and an interval around each coordinate.
   *
   * @param point where all parameters are 0
   * @param generators the direction of each parameter, at most four
   * @param error half width of the intervals, at least 0
   */
  record AffineImages(NDArray point, List<NDArray> generators, NDArray error) implements InputSet {
    // The sums of a few generators are off by less than this share of them.
    private static final double SUM = 1 + 0x1p-49;

    /** Copies the list. */
    public AffineImages {
      generators = List.copyOf(generators);
    }

    @Override
    public Reach reach() {
      NDArray radius = Scalars.times(spread(), SUM);
      return Reach.of(Box.between(point.sub(radius), point.add(radius)));
    }

    /** How far coordinates may be from the point. */
    private NDArray spread() {
      return generators.stream().map(NDArray::abs).reduce(error, NDArray::add);
    }

    /** {@code <a, c> - |<a, g_1>| - ... - <|a|, e>}: exact but for rounding. */
    @Override
    public NDArray minimum(Rows rows) {
      NDArray lowest =
          rows.times(AffineMap.flatten(point)).sub(rows.abs().times(AffineMap.flatten(error)));
      for (NDArray generator : generators) {
        lowest = lowest.sub(rows.times(AffineMap.flatten(generator)).abs());
      }
      return lowest;
    }

    @Override
    public NDArray magnitude() {
      return point.abs().add(Scalars.times(spread(), SUM));
    }

    @Override
    public InputSet map(UnaryOperator<NDArray> moved) {
      return new AffineImages(
          moved.apply(point), generators.stream().map(moved).toList(), moved.apply(error));
    }
  }

  /**
   * The same sets, which show the functions that are minimised over them.
   *
   * @param watcher is given the sets and the functions, before they are bounded
   */
  record Watched(InputSet sets, BiConsumer<InputSet, Rows> watcher) implements InputSet {
    @Override
    public NDArray point() {
      return sets.point();
    }

    @Override
    public Reach reach() {
      return sets.reach();
    }

    @Override
    public NDArray minimum(Rows rows) {
      watcher.accept(sets, rows);
      return sets.minimum(rows);
    }

    @Override
    public NDArray magnitude() {
      return sets.magnitude();
    }

    @Override
    public InputSet map(UnaryOperator<NDArray> moved) {
      return new Watched(sets.map(moved), watcher);
    }
  }
}
