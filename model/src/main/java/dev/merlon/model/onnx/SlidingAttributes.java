package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.tensor.Convolution.Extent;
import java.util.List;

/**
 * The attributes by which ONNX says how a kernel or window of two dimensions slides over images.
 * Padding is supported where it is the same on opposite sides.
 *
 * @param kernel height and width
 * @param stride step in both directions
 * @param dilation distance of neighbouring taps
 * @param padding places added on each side
 */
record SlidingAttributes(Extent kernel, Extent stride, Extent dilation, Extent padding) {

  /**
   * Reads the attributes of a node.
   *
   * @param kernel as the node's {@code kernel_shape} or weight has it
   * @param operand shape of a sample, {@code (C, H, W)}
   */
  static SlidingAttributes of(OnnxNode node, List<Long> kernel, Shape operand) {
    Refusal.unless(
        operand.dimension() == 3,
        "its operand has shape " + operand + " a sample; only images are supported");
    Extent size = extent("kernel_shape", kernel);
    Extent stride = extent("strides", node.integers("strides", List.of(1L, 1L)));
    Extent dilation = extent("dilations", node.integers("dilations", List.of(1L, 1L)));
    Refusal.unless(
        stride.height() > 0 && stride.width() > 0, "its stride is not positive in both directions");
    List<Long> pads = node.integers("pads", List.of(0L, 0L, 0L, 0L));
    String auto = node.text("auto_pad", "NOTSET");
    Extent padding =
        switch (auto) {
          case "NOTSET" -> explicit(pads);
          case "VALID" -> Extent.square(0);
          case "SAME_UPPER", "SAME_LOWER" ->
              new Extent(
                  same(
                      auto,
                      operand.get(1),
                      stride.height(),
                      (size.height() - 1L) * dilation.height() + 1),
                  same(
                      auto,
                      operand.get(2),
                      stride.width(),
                      (size.width() - 1L) * dilation.width() + 1));
          default -> throw new Refusal("auto_pad " + auto + " is not supported");
        };
    return new SlidingAttributes(size, stride, dilation, padding);
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

  private static Extent explicit(List<Long> pads) {
    Refusal.unless(
        pads.size() == 4 && pads.get(0).equals(pads.get(2)) && pads.get(1).equals(pads.get(3)),
        "pads " + pads + " are not supported, only the same on opposite sides");
    return extent("pads", pads.subList(0, 2));
  }

  // As many positions as input / stride, rounded up.
  private static int same(String auto, long input, int stride, long reach) {
    long positions = (input + stride - 1) / stride;
    long total = Math.max(0, (positions - 1) * stride + reach - input);
    Refusal.unless(
        total % 2 == 0,
        "auto_pad " + auto + " pads one side more than the other here, which is not supported");
    return Math.toIntExact(total / 2);
  }

  private static Extent extent(String attribute, List<Long> values) {
    Refusal.unless(
        values.size() == 2 && values.stream().allMatch(v -> v >= 0 && v <= Integer.MAX_VALUE),
        attribute + " " + values + " are not a height and a width");
    return new Extent(values.get(0).intValue(), values.get(1).intValue());
  }
}
