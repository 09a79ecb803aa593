package dev.merlon.model.bound.box;

import ai.djl.ndarray.NDArray;

/**
 * Which rounding errors bounds make up for. Everything rests on the standard model of
 * floating-point arithmetic (Higham, Accuracy and Stability of Numerical Algorithms, sections 2.2
 * and 3.1): one operation is off by at most a unit roundoff {@code u} of its result, and a sum of
 * {@code n} products, in whatever order and with or without fused operations, by {@code n u / (1 -
 * n u)} of the sum of the products' sizes. What is added to make up for this is itself computed
 * with rounding, and therefore taken twice.
 *
 * @param unit unit roundoff of the arithmetic that the bounds are computed in; 0 for bounds that
 *     take no notice of rounding, as in the literature
 * @param modelUnit unit roundoff of the model's own forward pass, whose every possible result is to
 *     be bounded; 0 where the model is the exact real function of its weights
 */
public record Rounding(double unit, double modelUnit) {
  /** Plain arithmetic. */
  public static final Rounding IGNORED = new Rounding(0, 0);

  /** Float64 bounds of the real function of the weights. */
  public static final Rounding REAL = new Rounding(0x1p-53, 0);

  /** Float64 bounds of all that a float32 forward pass can return. */
  public static final Rounding DEPLOYED = new Rounding(0x1p-53, 0x1p-24);

  /** More than all that is lost below the smallest normal numbers, roots of squares included. */
  static final double TINY = 1e-140;

  // Roundings around an inner product: conversions of boxes, constants of batch norm and of
  // thresholds, additions.
  private static final double AROUND = 32;
  // The same in a model's forward pass, where batch norm may be merged with a weighted layer.
  private static final double AROUND_MODEL = 8;
  // Computing a share of the model's rounding is itself subject to float64 rounding.
  private static final double SAFETY = 1.01;

  /** The same for values that are at least rounded to float32. */
  Rounding withFloat32Values() {
    return accounted() ? new Rounding(unit, Math.max(modelUnit, DEPLOYED.modelUnit())) : this;
  }

  /** Whether bounds make up for rounding at all. */
  public boolean accounted() {
    return unit > 0;
  }

  /**
   * Rounding in one layer.
   *
   * @param terms number of products in the sums that the layer's bounds are computed by
   * @param modelTerms number of products in the sums of the model's forward pass; 0 where the
   *     layer's values are exact
   */
  public LayerRounding layer(double terms, double modelTerms) {
    if (!accounted()) {
      return LayerRounding.NONE;
    }
    double ofModel = modelTerms == 0 ? 0 : gamma(modelUnit, modelTerms + AROUND_MODEL);
    return new LayerRounding(2 * gamma(unit, terms + AROUND) + SAFETY * ofModel);
  }

  /** At most {@code bound} as it would be if its last operations had been exact. */
  public NDArray lowered(NDArray bound) {
    return bound.sub(layer(1, 0).share(bound.abs()).add(TINY));
  }

  private static double gamma(double unit, double terms) {
    double product = unit * terms;
    return product < 0.5 ? product / (1 - product) : Double.POSITIVE_INFINITY;
  }
}
