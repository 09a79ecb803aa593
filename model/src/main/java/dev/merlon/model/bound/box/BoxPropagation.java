package dev.merlon.model.bound.box;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.network.ChannelAffine;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.OperationVisitor;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Scalars;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Interval bound propagation (Gowal et al. 2018): the box interpretation of a network. An affine
 * layer takes centre {@code c} and radius {@code r} to {@code W c + b} and {@code |W| r}, a
 * rectifier clamps both corners. Where the perturbation is an l_2 or l_1 ball, the first weighted
 * layer is bounded by the dual norms of its rows as well, and the tighter end counts.
 */
public final class BoxPropagation implements OperationVisitor<Operands<Reach>, Reach> {
  private final LiveNetwork live;
  private final double reluShrinkage;
  private final Rounding rounding;

  private BoxPropagation(LiveNetwork live, double reluShrinkage, Rounding rounding) {
    this.live = live;
    this.reluShrinkage = reluShrinkage;
    this.rounding = rounding;
  }

  /**
   * Bounds over a box, {@code [N, C, H, W]} in the un-normalised input space.
   *
   * @return bounds of every value of the network
   */
  public static BoxTrace over(LiveNetwork live, Box input) {
    return new BoxPropagation(live, 1, Rounding.IGNORED).trace(Reach.of(input));
  }

  /** Bounds over a perturbation set around each sample of {@code x [N, C, H, W]}. */
  public static BoxTrace over(LiveNetwork live, NDArray x, NormBall set) {
    return over(live, InputSet.around(x, set));
  }

  /** Bounds over sets of inputs. */
  public static BoxTrace over(LiveNetwork live, InputSet input) {
    return over(live, input, Rounding.IGNORED);
  }

  /** Bounds over sets of inputs that make up for rounding. */
  public static BoxTrace over(LiveNetwork live, InputSet input, Rounding rounding) {
    return new BoxPropagation(live, 1, rounding).trace(input.reach());
  }

  /**
   * Training only: the upper end of every rectifier's input box that crosses zero is multiplied by
   * {@code factor} (SABR, section 4.2). Below 1 the result does not bound the network; 1 is {@link
   * #over}.
   */
  public static BoxTrace shrunken(LiveNetwork live, Box input, double factor) {
    return new BoxPropagation(live, factor, Rounding.IGNORED).trace(Reach.of(input));
  }

  /** The same over sets of inputs. */
  public static BoxTrace shrunken(LiveNetwork live, InputSet input, double factor) {
    return new BoxPropagation(live, factor, Rounding.IGNORED).trace(input.reach());
  }

  @Override
  public Reach normalize(Normalize operation, Operands<Reach> at) {
    return channelWise(at);
  }

  @Override
  public Reach batchNorm(BatchNorm operation, Operands<Reach> at) {
    return channelWise(at);
  }

  @Override
  public Reach conv2d(Conv2d operation, Operands<Reach> at) {
    return weighted(
        at,
        (x, weight, bias) -> AffineMap.apply(operation, x, weight, bias),
        (ball, layer) -> ball.image(operation, live, at.node(), layer));
  }

  @Override
  public Reach linear(Linear operation, Operands<Reach> at) {
    return weighted(
        at,
        (x, weight, bias) -> AffineMap.apply(operation, x, weight, bias),
        (ball, layer) -> ball.image(operation, live, at.node(), layer));
  }

  private Reach weighted(
      Operands<Reach> at,
      AffineMap.Weighted map,
      BiFunction<ScaledBall, LayerRounding, Box> image) {
    Node node = at.node();
    LayerRounding layer = layer(node);
    Box in = at.first().box();
    NDArray center = map.apply(in.center(), live.weight(node), live.bias(node));
    NDArray radius =
        map.apply(
            layer.spread(in), live.absoluteWeight(node), layer.spread(live.absoluteBias(node)));
    return tightest(
        layer.around(center, radius), at.first().ball().map(ball -> image.apply(ball, layer)));
  }

  @Override
  public Reach nonlinear(Nonlinear operation, Operands<Reach> at) {
    Box in = at.first().box();
    boolean shrinks =
        reluShrinkage < 1 && operation instanceof Activation activation && activation.isRectifier();
    Box from = shrinks ? shrink(in) : in;
    return Reach.of(RoundedMap.of(operation, from, rounding));
  }

  @Override
  public Reach averagePool(AveragePool operation, Operands<Reach> at) {
    LayerRounding layer = layer(at.node());
    Box in = at.first().box();
    return Reach.of(
        layer.around(
            AffineMap.apply(operation, in.center()), AffineMap.apply(operation, layer.spread(in))));
  }

  @Override
  public Reach globalAveragePool(GlobalAveragePool operation, Operands<Reach> at) {
    LayerRounding layer = layer(at.node());
    Box in = at.first().box();
    return Reach.of(
        layer.around(
            AffineMap.apply(operation, in.center()), AffineMap.apply(operation, layer.spread(in))));
  }

  @Override
  public Reach add(Add operation, Operands<Reach> at) {
    Box a = at.first().box();
    Box b = at.second().box();
    Box sum = Box.between(a.lower().add(b.lower()), a.upper().add(b.upper()));
    LayerRounding layer = layer(at.node());
    return Reach.of(layer.accounted() ? layer.widened(sum, a.magnitude().add(b.magnitude())) : sum);
  }

  @Override
  public Reach concat(Concat operation, Operands<Reach> at) {
    List<NDArray> lower = at.values().stream().map(reach -> reach.box().lower()).toList();
    List<NDArray> upper = at.values().stream().map(reach -> reach.box().upper()).toList();
    return Reach.of(
        Box.between(AffineMap.apply(operation, lower), AffineMap.apply(operation, upper)));
  }

  @Override
  public Reach elementwise(Elementwise operation, Operands<Reach> at) {
    return channelWise(at);
  }

  @Override
  public Reach pad(Pad operation, Operands<Reach> at) {
    return new Reach(
        at.first().box().monotone(x -> operation.padding().around(x, operation.value())),
        at.first().ball().map(ball -> ball.map(operation)));
  }

  @Override
  public Reach rearrange(Rearrangement operation, Operands<Reach> at) {
    return new Reach(
        at.first().box().reshaped(x -> AffineMap.apply(operation, x)),
        at.first().ball().map(ball -> ball.map(operation)));
  }

  private Reach channelWise(Operands<Reach> at) {
    ChannelAffine affine = live.channelAffine(at.node());
    LayerRounding layer = layer(at.node());
    Box in = at.first().box();
    NDArray radius = affine.applyToRadius(layer.spread(in));
    if (layer.accounted()) {
      radius = radius.add(layer.share(affine.termSizes(in.magnitude())));
    }
    return new Reach(
        layer.around(affine.apply(in.center()), radius),
        at.first().ball().map(ball -> ball.map(affine, SumLength.at(at.node(), rounding))));
  }

  private Box shrink(Box in) {
    NDArray crossing =
        in.lower().lt(0).logicalAnd(in.upper().gt(0)).toType(in.upper().getDataType(), false);
    return Box.between(
        in.lower(), in.upper().mul(Scalars.times(crossing, reluShrinkage - 1).add(1)));
  }

  private static Reach tightest(Box box, Optional<Box> fromBall) {
    return Reach.of(fromBall.map(box::intersect).orElse(box));
  }

  private LayerRounding layer(Node node) {
    return SumLength.layer(live.network(), node, rounding);
  }

  private BoxTrace trace(Reach input) {
    Reach start = new Reach(rounding.layer(1, 0).widened(input.box()), input.ball());
    List<Reach> values = live.network().evaluate(this, start);
    return new BoxTrace(live, rounding, values.stream().map(Reach::box).toList());
  }
}
