package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Conv2d;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code Conv} in two dimensions, without dilation and groups, padded alike on opposite sides. */
final class ConvMapping implements OperatorMapping {
  @Override
  public List<String> operators() {
    return List.of("Conv");
  }

  static String write(Conv2d operation, Operands<String> at, GraphWriter graph) {
    List<String> inputs = new ArrayList<>();
    inputs.add(at.first());
    inputs.add(graph.parameter(at.node(), "weight"));
    if (operation.bias()) {
      inputs.add(graph.parameter(at.node(), "bias"));
    }
    Extent kernel = operation.kernel();
    Extent stride = operation.stride();
    long rows = operation.padding().height();
    long columns = operation.padding().width();
    return graph.node(
        at.node(),
        "Conv",
        inputs,
        GraphWriter.attribute(
            "kernel_shape", List.of((long) kernel.height(), (long) kernel.width())),
        GraphWriter.attribute("pads", List.of(rows, columns, rows, columns)),
        GraphWriter.attribute("strides", List.of((long) stride.height(), (long) stride.width())));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(2, 3);
    HostTensor weight = graph.constant(node.input(1));
    Shape shape = weight.shape();
    Refusal.unless(
        shape.dimension() == 4,
        "its weight has shape " + shape + "; only two-dimensional convolutions are supported");
    List<Long> kernel = List.of(shape.get(2), shape.get(3));
    node.requireInteger("group", 1, 1);
    node.requireIntegers("dilations", List.of(1L, 1L), List.of(1L, 1L));
    node.requireIntegers("kernel_shape", kernel, kernel);
    Extent stride = extent("strides", node.integers("strides", List.of(1L, 1L)));
    Extent padding = padding(node);
    node.requireNoOtherAttributes();
    boolean bias = node.hasInput(2);
    Conv2d operation =
        new Conv2d(
            Math.toIntExact(shape.get(1)),
            Math.toIntExact(shape.get(0)),
            extent("kernel_shape", kernel),
            stride,
            padding,
            bias);
    Map<String, HostTensor> tensors =
        bias
            ? Map.of("weight", weight, "bias", graph.constant(node.input(2)))
            : Map.of("weight", weight);
    graph.append(node, operation, tensors, graph.value(node.input(0)));
  }

  private static Extent padding(OnnxNode node) {
    String auto = node.text("auto_pad", "NOTSET");
    Refusal.unless(auto.equals("NOTSET"), "auto_pad " + auto + " is not supported");
    List<Long> pads = node.integers("pads", List.of(0L, 0L, 0L, 0L));
    Refusal.unless(
        pads.size() == 4 && pads.get(0).equals(pads.get(2)) && pads.get(1).equals(pads.get(3)),
        "pads " + pads + " are not supported, only the same on opposite sides");
    return extent("pads", pads.subList(0, 2));
  }

  private static Extent extent(String attribute, List<Long> values) {
    Refusal.unless(
        values.size() == 2 && values.stream().allMatch(v -> v >= 0 && v <= Integer.MAX_VALUE),
        attribute + " " + values + " are not a height and a width");
    return new Extent(values.get(0).intValue(), values.get(1).intValue());
  }
}
