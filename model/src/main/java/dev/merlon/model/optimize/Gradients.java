package dev.merlon.model.optimize;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gradients by parameter name, all in one scope, and what is done to them before an update. */
public record Gradients(Map<String, NDArray> byName) {

  /** Euclidean norm over all entries of all tensors. */
  public double norm() {
    double sum = 0;
    for (NDArray gradient : byName.values()) {
      try (Scope work = Scope.within(gradient, "gradient norm")) {
        sum += work.constant(gradient).toType(DataType.FLOAT64, false).square().sum().getDouble();
      }
    }
    return Math.sqrt(sum);
  }

  /**
   * The gradients scaled to at most this norm, as PyTorch's {@code clip_grad_norm_} scales them.
   *
   * @param norm their norm
   * @param limit 0 for no clipping
   */
  public Gradients clipped(double norm, double limit) {
    double scale = limit / (norm + 1e-6);
    if (limit == 0 || scale >= 1) {
      return this;
    }
    Map<String, NDArray> scaled = new LinkedHashMap<>();
    byName.forEach((name, gradient) -> scaled.put(name, Scalars.times(gradient, scale)));
    return new Gradients(scaled);
  }
}
