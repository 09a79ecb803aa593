package dev.merlon.model.bound;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.network.ChannelAffine;
import dev.merlon.model.network.Conv2d;
import dev.merlon.model.network.Linear;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.Pad;
import dev.merlon.model.network.Rearrangement;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.tensor.Scalars;
import java.util.Optional;

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
 * @param slack how far rounding may have moved each value, {@code [N, ...]}; none where rounding is
 *     not accounted for
 */
public record ScaledBall(
    Norm norm, double eps, NDArray center, NDArray scale, Optional<NDArray> slack) {

  /** A ball around points, before any operation. */
  static ScaledBall around(NDArray points, Norm norm, double eps) {
    return new ScaledBall(norm, eps, points, points.get("0:1").onesLike(), Optional.empty());
  }

  /** The image under a channel-wise affine map. */
  ScaledBall map(ChannelAffine affine, Rounding rounding) {
    return new ScaledBall(
        norm, eps, affine.apply(center), affine.adjoint(scale), slack(affine, rounding));
  }

  /** The image under padding, which does not move. */
  ScaledBall map(Pad operation) {
    return new ScaledBall(
        norm,
        eps,
        operation.padding().around(center, operation.value()),
        operation.padding().around(scale, 0),
        slack.map(x -> operation.padding().around(x, 0)));
  }

  /** The image under a rearrangement. */
  ScaledBall map(Rearrangement operation) {
    return new ScaledBall(
        norm,
        eps,
        AffineMap.apply(operation, center),
        AffineMap.apply(operation, scale),
        slack.map(x -> AffineMap.apply(operation, x)));
  }

  /** The smallest box around the image under a convolution; padded zeros do not move. */
  Box image(Conv2d operation, LiveNetwork live, Node node, LayerRounding rounding) {
    return image(
        new ConvRows(operation, live.absoluteWeight(node), scale.abs()),
        (x, weight, bias) -> AffineMap.apply(operation, x, weight, bias),
        live,
        node,
        rounding);
  }

  /** The smallest box around the image under a fully connected layer. */
  Box image(Linear operation, LiveNetwork live, Node node, LayerRounding rounding) {
    return image(
        new LinearRows(operation, live.absoluteWeight(node), scale.abs()),
        (x, weight, bias) -> AffineMap.apply(operation, x, weight, bias),
        live,
        node,
        rounding);
  }

  private Box image(
      Norm.LayerRows rows,
      AffineMap.Weighted map,
      LiveNetwork live,
      Node node,
      LayerRounding rounding) {
    NDArray radius = Scalars.times(norm.dualNorm(rows), eps);
    NDArray image = map.apply(center, live.weight(node), live.bias(node));
    Optional<NDArray> more =
        spread(rounding)
            .map(
                s ->
                    map.apply(
                        s, live.absoluteWeight(node), rounding.spread(live.absoluteBias(node))));
    return around(image, radius, more, rounding);
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

  private static NDArray powerSum(int q, AffineMap.Weighted map, NDArray weight, NDArray scale) {
    return q == 1
        ? map.apply(scale, weight, Optional.empty())
        : map.apply(scale.square(), weight.square(), Optional.empty());
  }

  /** Rows of a fully connected layer; absolute values. */
  private record LinearRows(Linear operation, NDArray weight, NDArray scale)
      implements Norm.LayerRows {
    @Override
    public NDArray powerSum(int q) {
      return ScaledBall.powerSum(
          q, (x, w, bias) -> AffineMap.apply(operation, x, w, bias), weight, scale);
    }

    @Override
    public NDArray maximum() {
      return weight.mul(scale).max(new int[] {1}).expandDims(0);
    }
  }

  /**
   * Rows of a convolution, one for every output position, without the kernel taps that fall on
   * padding; absolute values.
   */
  private record ConvRows(Conv2d operation, NDArray weight, NDArray scale)
      implements Norm.LayerRows {
    @Override
    public NDArray powerSum(int q) {
      return ScaledBall.powerSum(
          q, (x, w, bias) -> AffineMap.apply(operation, x, w, bias), weight, scale);
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
            NDArray reach = AffineMap.apply(operation, scale, tap.mul(weight), Optional.empty());
            largest = Optional.of(largest.map(reach::maximum).orElse(reach));
          }
        }
      }
      return largest.orElseThrow();
    }
  }
}
