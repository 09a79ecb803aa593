package dev.merlon.model.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.training.RegulariserSettings;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.tensor.Scalars;
import java.util.List;

/**
 * The two regularisers of Shi et al. 2021 ("Fast certified robust training with short warm-up"):
 * tightness of the bounds at every activation against the input's, and balance between active and
 * inactive rectifiers, leaky ones too. All neurons of a layer and a batch are pooled. Masks are
 * constants for the gradient. With rectifiers alone these are the paper's terms.
 */
public final class WarmUpRegulariser {
  private static final double TINY = 1e-12;

  private final RegulariserSettings settings;

  /** The regulariser with its tolerance and switched-on parts. */
  public WarmUpRegulariser(RegulariserSettings settings) {
    this.settings = settings;
  }

  /**
   * Both parts.
   *
   * @param tightness {@code L_tight}, a scalar
   * @param balance {@code L_relu}, a scalar
   */
  public record Terms(NDArray tightness, NDArray balance) {}

  /** The unweighted sum of the parts that are switched on, a scalar. */
  public NDArray loss(BoxTrace trace) {
    Terms terms = terms(trace);
    NDArray zero = terms.tightness().zerosLike();
    NDArray tightness = settings.tightness() ? terms.tightness() : zero;
    return settings.relu() ? tightness.add(terms.balance()) : tightness;
  }

  /** Both parts, the means over the activations and over the rectifiers. */
  public Terms terms(BoxTrace trace) {
    Network network = trace.live().network();
    List<Node> activations = network.activations();
    List<Node> rectifiers = network.rectifiers();
    NDArray input = normalisedInput(trace).radius().mean();
    NDArray tightness = input.zerosLike();
    NDArray balance = input.zerosLike();
    for (Node activation : activations) {
      tightness = tightness.add(tightness(trace.operand(activation), input));
    }
    for (Node rectifier : rectifiers) {
      balance = balance.add(balance(trace.operand(rectifier)));
    }
    return new Terms(
        Scalars.over(tightness, Math.max(1, activations.size())),
        Scalars.over(balance, Math.max(1, rectifiers.size())));
  }

  // relu(t - tight_0 / tight_i) / t
  private NDArray tightness(Box box, NDArray input) {
    NDArray ratio = input.div(Scalars.atLeast(box.radius().mean(), TINY));
    return hinge(ratio);
  }

  // (relu(t - a) + relu(t - v)) / t with the ratios of means and of variances, 0 where they are no
  // numbers.
  private NDArray balance(Box box) {
    DataType type = box.lower().getDataType();
    NDArray active = box.lower().stopGradient().gt(0).toType(type, false);
    NDArray inactive = box.upper().stopGradient().lt(0).toType(type, false);
    NDArray center = box.center();
    NDArray meanRatio = center.mul(active).mean().div(center.mul(inactive).mean().neg());
    NDArray spread = center.sub(center.mean()).square();
    NDArray varianceRatio = spread.mul(active).sum().div(spread.mul(inactive).sum());
    NDArray term = hinge(belowOne(meanRatio)).add(hinge(belowOne(varianceRatio)));
    boolean isNumber = Double.isFinite(term.toType(DataType.FLOAT64, false).getDouble());
    // Without inactive neurons the ratios have no denominator; the published code drops such a
    // layer's term.
    return isNumber ? term : box.lower().mean().zerosLike();
  }

  private NDArray hinge(NDArray ratio) {
    return Scalars.over(
        Scalars.positivePart(ratio.neg().add(settings.tolerance())), settings.tolerance());
  }

  private static NDArray belowOne(NDArray ratio) {
    return ratio.minimum(Scalars.inverse(Scalars.atLeast(ratio, TINY)));
  }

  // Tightness is measured against the box that enters the first weighted layer.
  private static Box normalisedInput(BoxTrace trace) {
    for (Node node : trace.live().network().nodes()) {
      if (node.operation() instanceof Normalize && node.inputs().get(0) == 0) {
        return trace.boxes().get(node.id());
      }
    }
    return trace.input();
  }
}
