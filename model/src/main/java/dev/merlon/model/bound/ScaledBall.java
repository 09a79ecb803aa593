package dev.merlon.model.bound;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.network.ChannelAffine;
import dev.merlon.model.network.Conv2d;
import dev.merlon.model.network.Linear;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.tensor.Scalars;
import java.util.Optional;

/**
 * {@code center + scale * d} for every perturbation {@code d} of norm at most {@code eps}: the
 * image of a ball under channel-wise maps and reshaping. The dual norm of a following layer's rows
 * has to be taken behind {@code scale}, that is in the un-normalised input space.
 *
 * @param norm of the perturbation
 * @param eps its radius
 * @param center {@code [N, ...]}
 * @param scale {@code [1, ...]}, one factor per axis
 */
public record ScaledBall(Norm norm, double eps, NDArray center, NDArray scale) {

  /** The image under a channel-wise affine map. */
  public ScaledBall map(ChannelAffine affine) {
    return new ScaledBall(norm, eps, affine.apply(center), affine.adjoint(scale));
  }

  /** The image under flattening. */
  public ScaledBall flatten() {
    return new ScaledBall(norm, eps, AffineMap.flatten(center), AffineMap.flatten(scale));
  }

  /** The smallest box around the image under a convolution; padded zeros do not move. */
  public Box image(Conv2d operation, NDArray weight, Optional<NDArray> bias) {
    NDArray radius =
        Scalars.times(norm.dualNorm(new ConvRows(operation, weight.abs(), scale.abs())), eps);
    return around(AffineMap.apply(operation, center, weight, bias), radius);
  }

  /** The smallest box around the image under a fully connected layer. */
  public Box image(Linear operation, NDArray weight, Optional<NDArray> bias) {
    NDArray radius =
        Scalars.times(norm.dualNorm(new LinearRows(operation, weight.abs(), scale.abs())), eps);
    return around(AffineMap.apply(operation, center, weight, bias), radius);
  }

  private static Box around(NDArray center, NDArray radius) {
    return Box.around(center, radius.broadcast(center.getShape()));
  }

  /** Rows of a fully connected layer; absolute values. */
  private record LinearRows(Linear operation, NDArray weight, NDArray scale)
      implements Norm.LayerRows {
    @Override
    public NDArray powerSum(int q) {
      return AffineMap.apply(
          operation,
          q == 1 ? scale : scale.square(),
          q == 1 ? weight : weight.square(),
          Optional.empty());
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
      return AffineMap.apply(
          operation,
          q == 1 ? scale : scale.square(),
          q == 1 ? weight : weight.square(),
          Optional.empty());
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
            ai.djl.ndarray.index.NDIndex at =
                new ai.djl.ndarray.index.NDIndex(
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
