package dev.merlon.model.bound.box;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Boxes of all values of a network over one set of inputs.
 *
 * @param live the network
 * @param rounding what the boxes make up for
 * @param boxes by number of the value; box 0 is the input's
 */
public record BoxTrace(LiveNetwork live, Rounding rounding, List<Box> boxes) {
  /**
   * The traces of several groups of samples as one, one group after the other.
   *
   * @param groups of one network, with the same account of rounding; at least one
   */
  public static BoxTrace joined(List<BoxTrace> groups) {
    BoxTrace first = groups.get(0);
    return new BoxTrace(
        first.live,
        first.rounding,
        IntStream.range(0, first.boxes.size())
            .mapToObj(value -> Box.joined(groups.stream().map(group -> group.box(value)).toList()))
            .toList());
  }

  /** The box of the input. */
  public Box input() {
    return boxes.get(0);
  }

  /** The box of the logits. */
  public Box output() {
    return boxes.get(boxes.size() - 1);
  }

  /** The box of a value; value 0 is the input. */
  public Box box(int value) {
    return boxes.get(value);
  }

  /** The box of a node's only or first operand; for a rectifier, its pre-activation bounds. */
  public Box operand(Node node) {
    return boxes.get(node.inputs().get(0));
  }

  /**
   * Lower bounds of all margins {@code f_y - f_j}, with the last fully connected layer merged with
   * the rows {@code e_y - e_j} ("elided"); without such a layer, from the logits' box.
   *
   * @param labels {@code int64 [N]}
   * @return {@code [N, K]}, exactly 0 in the label's column
   */
  public NDArray marginLowerBounds(NDArray labels) {
    if (live.network().finalLinear().isEmpty()) {
      return plainMarginLowerBounds(labels);
    }
    Node last = live.network().output();
    NDArray y = Margins.oneHot(labels, classes(), live.weight(last).getDataType());
    NDArray margins = elided(y).lower();
    return rounding.accounted() ? lowered(margins, logitTerms(last, operand(last)), y) : margins;
  }

  /**
   * Bounds of all margins from both sides, whose lower ends are {@link #marginLowerBounds}; {@code
   * [N, K]}, exactly 0 in the label's column. Only for bounds that ignore rounding.
   *
   * @param labels {@code int64 [N]}
   */
  public Box marginBox(NDArray labels) {
    if (rounding.accounted()) {
      throw new IllegalStateException("upper ends do not make up for rounding");
    }
    NDArray y = Margins.oneHot(labels, classes(), output().lower().getDataType());
    return live.network().finalLinear().isPresent() ? elided(y) : plain(y);
  }

  /**
   * Lower bounds of all margins from the logits' box: {@code l_y - u_j}, 0 in the label's column;
   * {@code [N, K]}.
   */
  public NDArray plainMarginLowerBounds(NDArray labels) {
    NDArray y = Margins.oneHot(labels, classes(), output().lower().getDataType());
    NDArray margins = plain(y).lower();
    return rounding.accounted() ? lowered(margins, output().magnitude(), y) : margins;
  }

  private Box plain(NDArray y) {
    NDArray others = y.neg().add(1);
    NDArray least = output().lower().mul(y).sum(new int[] {1}, true).sub(output().upper());
    NDArray largest = output().upper().mul(y).sum(new int[] {1}, true).sub(output().lower());
    return Box.between(least.mul(others), largest.mul(others));
  }

  // |W_y - W_j| depends on the pair only, so all K^2 rows are made once and one product serves
  // every label.
  private Box elided(NDArray y) {
    Node last = live.network().output();
    Box in = operand(last);
    NDArray weight = live.weight(last);
    int classes = classes();
    NDArray pairs =
        weight
            .expandDims(1)
            .sub(weight.expandDims(0))
            .abs()
            .reshape(new Shape((long) classes * classes, weight.getShape().get(1)));
    NDArray radii = in.radius().matMul(pairs.transpose()).reshape(-1, classes, classes);
    NDArray radius = radii.mul(y.expandDims(2)).sum(new int[] {1});
    // Not the logits' own box: that may be tighter than this operand's image and then has another
    // centre.
    NDArray center =
        AffineMap.apply(
            live.network().finalLinear().orElseThrow(), in.center(), weight, live.bias(last));
    return Box.around(Margins.of(center, y), radius);
  }

  private NDArray logitTerms(Node last, Box in) {
    return AffineMap.apply(
        live.network().finalLinear().orElseThrow(),
        in.center().abs().add(in.radius()),
        live.absoluteWeight(last),
        live.absoluteBias(last));
  }

  // A margin is off by a share of the sizes of both logits' terms, [N, K].
  private NDArray lowered(NDArray margins, NDArray logitTerms, NDArray oneHot) {
    LayerRounding layer = SumLength.layer(live.network(), live.network().output(), rounding);
    NDArray ofLabel = logitTerms.mul(oneHot).sum(new int[] {1}, true);
    NDArray error = layer.share(logitTerms.add(ofLabel));
    return rounding.lowered(margins.sub(error)).mul(oneHot.neg().add(1));
  }

  private int classes() {
    return live.network().classes();
  }
}
