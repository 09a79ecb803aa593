package dev.merlon.model.bound.box;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.network.ChannelAffine;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Scalars;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * {@code center + scale * d} for every perturbation {@code d} of norm at most {@code eps}: the
 * image of a ball under channel-wise and element-wise maps, padding and rearrangements. The dual
 * norm of a following layer's rows has to be taken behind {@code scale}, that is in the
 * un-normalised input space.
 *
 * @param norm of the perturbation
 * @param eps its radius
 * @param center {@code [N, ...]}
 * @param scale {@code [1, ...]}, one factor per axis
 * @param sides where values can go from the centre; none where they are taken to go everywhere
 * @param slack how far rounding may have moved each value, {@code [N, ...]}; none where rounding is
 *     not accounted for
 */
public record ScaledBall(
    Norm norm,
    double eps,
    NDArray center,
    NDArray scale,
    Optional<Sides> sides,
    Optional<NDArray> slack) {

  /**
   * Which values can be below and above the centre: 1 where they can, else 0. A pixel that is black
   * or white moves one way only in {@code [0,1]}.
   *
   * @param falls {@code [N, ...]}
   * @param rises {@code [N, ...]}
   */
  record Sides(NDArray falls, NDArray rises) {
    /** Those of points between two corners. */
    static Sides between(NDArray lower, NDArray points, NDArray upper) {
      DataType type = points.getDataType();
      return new Sides(lower.lt(points).toType(type, false), upper.gt(points).toType(type, false));
    }

    Sides map(UnaryOperator<NDArray> rearrangement) {
      return new Sides(rearrangement.apply(falls), rearrangement.apply(rises));
    }

    /** The sides behind factors, of which negative ones exchange them. */
    Sides times(NDArray factors) {
      NDArray negative = factors.lt(0).toType(factors.getDataType(), false);
      NDArray others = Scalars.oneMinus(negative);
      return new Sides(
          falls.mul(others).add(rises.mul(negative)), rises.mul(others).add(falls.mul(negative)));
    }

    Sides turned() {
      return new Sides(/* falls= */ rises, /* rises= */ falls);
    }
  }

  /**
   * A perturbation set around points, before any operation. Of the part of a ball that lies in
   * {@code [0,1]^d} it keeps the ball and, for norms that make use of them, the sides.
   */
  static ScaledBall around(NDArray points, NormBall set) {
    Optional<Sides> sides =
        set.clip() && set.norm().boundsSides()
            ? Optional.of(Sides.between(set.lower(points), points, set.upper(points)))
            : Optional.empty();
    return new ScaledBall(
        set.norm(), set.eps(), points, points.get("0:1").onesLike(), sides, Optional.empty());
  }

  /** The image under a channel-wise affine map. */
  ScaledBall map(ChannelAffine affine, Rounding rounding) {
    return new ScaledBall(
        norm,
        eps,
        affine.apply(center),
        affine.adjoint(scale),
        sides.map(known -> known.times(affine.adjoint(scale.onesLike()))),
        slack(affine, rounding));
  }

  /** The image under padding, which does not move. */
  ScaledBall map(Pad operation) {
    return new ScaledBall(
        norm,
        eps,
        operation.padding().around(center, operation.value()),
        operation.padding().around(scale, 0),
        sides.map(known -> known.map(x -> operation.padding().around(x, 0))),
        slack.map(x -> operation.padding().around(x, 0)));
  }

  /** The image under a rearrangement. */
  ScaledBall map(Rearrangement operation) {
    return new ScaledBall(
        norm,
        eps,
        AffineMap.apply(operation, center),
        AffineMap.apply(operation, scale),
        sides.map(known -> known.map(x -> AffineMap.apply(operation, x))),
        slack.map(x -> AffineMap.apply(operation, x)));
  }

  /** A box around the image under a convolution; padded zeros do not move. */
  Box image(Conv2d operation, LiveNetwork live, Node node, LayerRounding rounding) {
    AffineMap.Weighted map = (x, weight, bias) -> AffineMap.apply(operation, x, weight, bias);
    NDArray reach = scale.abs();
    return image(
        terms -> new ConvRows(operation, live.absoluteWeight(node), reach, map, terms),
        map,
        live,
        node,
        rounding);
  }

  /** A box around the image under a fully connected layer. */
  Box image(Linear operation, LiveNetwork live, Node node, LayerRounding rounding) {
    AffineMap.Weighted map = (x, weight, bias) -> AffineMap.apply(operation, x, weight, bias);
    NDArray reach = scale.abs();
    return image(
        terms -> new LinearRows(live.absoluteWeight(node), reach, map, terms),
        map,
        live,
        node,
        rounding);
  }

  private Box image(
      Function<List<Term>, Norm.LayerRows> rows,
      AffineMap.Weighted map,
      LiveNetwork live,
      Node node,
      LayerRounding rounding) {
    NDArray image = map.apply(center, live.weight(node), live.bias(node));
    Optional<NDArray> more =
        spread(rounding)
            .map(
                s ->
                    map.apply(
                        s, live.absoluteWeight(node), rounding.spread(live.absoluteBias(node))));
    if (sides.isEmpty()) {
      List<Term> all = List.of(new Term(scale.abs(), live.absoluteWeight(node)));
      return around(image, radius(rows.apply(all)), more, rounding);
    }
    NDArray down = radius(rows.apply(terms(sides.get(), live.weight(node))));
    NDArray up = radius(rows.apply(terms(sides.get().turned(), live.weight(node))));
    return Box.between(
        around(image, down, more, rounding).lower(), around(image, up, more, rounding).upper());
  }

  private NDArray radius(Norm.LayerRows rows) {
    return Scalars.times(norm.dualNorm(rows), eps);
  }

  // A row's function falls along positive entries where values fall, and along negative ones where
  // they rise.
  private List<Term> terms(Sides going, NDArray weight) {
    NDArray reach = scale.abs();
    return List.of(
        new Term(going.falls().mul(reach), Scalars.positivePart(weight)),
        new Term(going.rises().mul(reach), Scalars.positivePart(weight.neg())));
  }

  /**
   * A part of a layer's rows: non-negative entries of its matrix on inputs that reach so far.
   *
   * @param reach {@code [N or 1, ...]}
   * @param weight of the layer's form
   */
  private record Term(NDArray reach, NDArray weight) {
    static NDArray powerSum(int q, AffineMap.Weighted map, List<Term> terms) {
      return terms.stream().map(term -> term.powerSum(q, map)).reduce(NDArray::add).orElseThrow();
    }

    private NDArray powerSum(int q, AffineMap.Weighted map) {
      return q == 1
          ? map.apply(reach, weight, Optional.empty())
          : map.apply(reach.square(), weight.square(), Optional.empty());
    }
  }

  private Optional<NDArray> slack(ChannelAffine affine, Rounding rounding) {
    if (!rounding.accounted()) {
      return Optional.empty();
    }
    LayerRounding layer = rounding.layer(1, 1);
    NDArray own = layer.share(affine.termSizes(sizes()));
    return Optional.of(
        slack.map(known -> layer.more(affine.applyToRadius(known)).add(own)).orElse(own));
  }

  // What a layer's rows multiply besides the ball: what has been lost so far, and their own
  // rounding.
  private Optional<NDArray> spread(LayerRounding rounding) {
    if (!rounding.accounted()) {
      return Optional.empty();
    }
    NDArray own = rounding.share(sizes());
    return Optional.of(slack.map(known -> rounding.more(known).add(own)).orElse(own));
  }

  // No value of the image is larger.
  private NDArray sizes() {
    return center.abs().add(Scalars.times(scale.abs(), eps));
  }

  private static Box around(
      NDArray center, NDArray radius, Optional<NDArray> more, LayerRounding rounding) {
    NDArray all = radius.broadcast(center.getShape());
    return rounding.around(center, more.map(all::add).orElse(all));
  }

  /**
   * Rows of a fully connected layer.
   *
   * @param weight sizes of all entries
   * @param reach of the inputs on either side
   * @param terms what counts on the side that is asked for
   */
  private record LinearRows(NDArray weight, NDArray reach, AffineMap.Weighted map, List<Term> terms)
      implements Norm.LayerRows {
    @Override
    public NDArray powerSum(int q) {
      return Term.powerSum(q, map, terms);
    }

    @Override
    public NDArray maximum() {
      return weight.mul(reach).max(new int[] {1}).expandDims(0);
    }
  }

  /**
   * Rows of a convolution, one for every output position, without the kernel taps that fall on
   * padding; components as those of {@link LinearRows}.
   */
  private record ConvRows(
      Conv2d operation, NDArray weight, NDArray reach, AffineMap.Weighted map, List<Term> terms)
      implements Norm.LayerRows {
    @Override
    public NDArray powerSum(int q) {
      return Term.powerSum(q, map, terms);
    }

    // Tap by tap: a one-tap kernel moves the scales to the output positions, where padding gives 0.
    @Override
    public NDArray maximum() {
      Optional<NDArray> largest = Optional.empty();
      NDArray ones = weight.onesLike();
      for (int channel = 0; channel < operation.inPerGroup(); channel++) {
        for (int row = 0; row < operation.kernel().height(); row++) {
          for (int column = 0; column < operation.kernel().width(); column++) {
            NDArray tap = weight.zerosLike();
            NDIndex at =
                new NDIndex(
                    ":,{}:{},{}:{},{}:{}", channel, channel + 1, row, row + 1, column, column + 1);
            tap.set(at, ones.get(at));
            NDArray moved = AffineMap.apply(operation, reach, tap.mul(weight), Optional.empty());
            largest = Optional.of(largest.map(moved::maximum).orElse(moved));
          }
        }
      }
      return largest.orElseThrow();
    }
  }
}
