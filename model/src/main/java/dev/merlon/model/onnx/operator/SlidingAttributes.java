package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Padding;
import java.util.List;

/**
 * The attributes by which ONNX says how a kernel or window of two dimensions slides over images.
 *
 * @param kernel height and width
 * @param stride step in both directions
 * @param dilation distance of neighbouring taps
 * @param before places added above and to the left
 * @param after places added below and to the right
 */
record SlidingAttributes(
    Extent kernel, Extent stride, Extent dilation, Extent before, Extent after) {

  /** Whether opposite sides are padded alike. */
  boolean isEven() {
    return before.equals(after);
  }

  /** What is left to be padded by the operation itself: all or, where sides differ, nothing. */
  Extent padding() {
    return isEven() ? before : Extent.square(0);
  }

  /** Whether the last windows end where the padded operand, {@code (C, H, W)}, does. */
  boolean fillsExactly(Shape operand) {
    long rows =
        operand.get(1)
            + before.height()
            + after.height()
            - reach(kernel.height(), dilation.height());
    long columns =
        operand.get(2) + before.width() + after.width() - reach(kernel.width(), dilation.width());
    return rows % stride.height() == 0 && columns % stride.width() == 0;
  }

  /** The operand, with zeros around it where sides differ, so that {@link #padding} is left. */
  int padded(OnnxNode node, int operand, GraphReader graph) {
    if (isEven()) {
      return operand;
    }
    Padding zeros =
        new Padding(
            List.of(0, before.height(), before.width()), List.of(0, after.height(), after.width()));
    return graph.add(node, new Pad(zeros, 0), operand);
  }

  /**
   * Reads the attributes of a node.
   *
   * @param kernel as the node's {@code kernel_shape} or weight has it
   * @param operand shape of a sample, {@code (C, H, W)}
   */
  static SlidingAttributes of(OnnxNode node, List<Long> kernel, Shape operand) {
    ModelFormatException.unless(
        operand.dimension() == 3,
        "its operand has shape " + operand + " a sample; only images are supported");
    Extent size = extent("kernel_shape", kernel);
    Extent stride = extent("strides", node.integers("strides", List.of(1L, 1L)));
    Extent dilation = extent("dilations", node.integers("dilations", List.of(1L, 1L)));
    ModelFormatException.unless(
        stride.height() > 0 && stride.width() > 0, "its stride is not positive in both directions");
    List<Long> pads = node.integers("pads", List.of(0L, 0L, 0L, 0L));
    String auto = node.text("auto_pad", "NOTSET");
    return switch (auto) {
      case "NOTSET" -> {
        ModelFormatException.unless(pads.size() == 4, "pads " + pads + " are not four numbers");
        yield new SlidingAttributes(
            size,
            stride,
            dilation,
            extent("pads", pads.subList(0, 2)),
            extent("pads", pads.subList(2, 4)));
      }
      case "VALID" ->
          new SlidingAttributes(size, stride, dilation, Extent.square(0), Extent.square(0));
      case "SAME_UPPER", "SAME_LOWER" -> {
        Extent total =
            new Extent(
                same(operand.get(1), stride.height(), size.height(), dilation.height()),
                same(operand.get(2), stride.width(), size.width(), dilation.width()));
        Extent less = new Extent(total.height() / 2, total.width() / 2);
        Extent more = new Extent(total.height() - less.height(), total.width() - less.width());
        boolean upper = auto.equals("SAME_UPPER");
        yield new SlidingAttributes(
            size, stride, dilation, upper ? less : more, upper ? more : less);
      }
      default -> throw new ModelFormatException("auto_pad " + auto + " is not supported");
    };
  }

  /** Writes two numbers as an attribute. */
  static List<Long> numbers(Extent extent) {
    return List.of((long) extent.height(), (long) extent.width());
  }

  /** The four numbers that {@code pads} has for the same padding on opposite sides. */
  static List<Long> pads(Extent padding) {
    long rows = padding.height();
    long columns = padding.width();
    return List.of(rows, columns, rows, columns);
  }

  // All that is added along an axis: as many positions as input / stride, rounded up.
  private static int same(long input, int stride, int kernel, int dilation) {
    long positions = (input + stride - 1) / stride;
    return Math.toIntExact(Math.max(0, (positions - 1) * stride + reach(kernel, dilation) - input));
  }

  private static long reach(int kernel, int dilation) {
    return (kernel - 1L) * dilation + 1;
  }

  private static Extent extent(String attribute, List<Long> values) {
    ModelFormatException.unless(
        values.size() == 2 && values.stream().allMatch(v -> v >= 0 && v <= Short.MAX_VALUE),
        attribute + " " + values + " are not a height and a width");
    return new Extent(values.get(0).intValue(), values.get(1).intValue());
  }
}
