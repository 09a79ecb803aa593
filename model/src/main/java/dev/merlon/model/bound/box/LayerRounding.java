package dev.merlon.model.bound.box;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.Scalars;
import java.util.Optional;

/**
 * What rounding may cost in one layer.
 *
 * @param share of the sizes of the terms of the layer's sums that its values may be off by; 0 where
 *     rounding is not accounted for
 */
public record LayerRounding(double share) {
  /** Rounding is not accounted for. */
  static final LayerRounding NONE = new LayerRounding(0);

  boolean accounted() {
    return share > 0;
  }

  /** What values whose terms have these sizes may be off by. */
  public NDArray share(NDArray sizes) {
    return Scalars.times(sizes, share);
  }

  /** The same and its share. */
  NDArray more(NDArray sizes) {
    return Scalars.times(sizes, 1 + share);
  }

  /** What the absolute rows of a layer multiply to get the radius of its values' box. */
  NDArray spread(Box operand) {
    return accounted()
        ? more(operand.radius()).add(share(operand.center().abs()))
        : operand.radius();
  }

  /** What a bias of these sizes adds to that. */
  Optional<NDArray> spread(Optional<NDArray> biasSizes) {
    return accounted() ? biasSizes.map(this::share) : Optional.empty();
  }

  /** The box of a layer's values, from the images of the operand's centre and spread. */
  Box around(NDArray center, NDArray radius) {
    return accounted()
        ? Box.around(center, more(radius).add(share(center.abs())).add(Rounding.TINY))
        : Box.around(center, radius);
  }

  /** A box around values that are off by the share of some sizes. */
  Box widened(Box box, NDArray sizes) {
    if (!accounted()) {
      return box;
    }
    NDArray by = share(sizes).add(Rounding.TINY);
    return Box.between(box.lower().sub(by), box.upper().add(by));
  }

  /** A box around values that are off by the share of their own size. */
  Box widened(Box box) {
    return accounted() ? widened(box, box.magnitude()) : box;
  }
}
