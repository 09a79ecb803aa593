package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.AttributeProto;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.SizeLimit;
import dev.merlon.model.onnx.graph.WrittenOperator;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** {@code Conv} in two dimensions. */
final class ConvMapping implements OperatorMapping {
  private static final WrittenOperator CONV = new WrittenOperator("Conv", 11);

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
    Geometry geometry = operation.geometry();
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(attribute("kernel_shape", operation.kernel()));
    attributes.add(GraphWriter.attribute("pads", SlidingAttributes.pads(geometry.padding())));
    attributes.add(attribute("strides", geometry.stride()));
    if (!geometry.dilation().equals(Extent.square(1))) {
      attributes.add(attribute("dilations", geometry.dilation()));
    }
    if (geometry.groups() != 1) {
      attributes.add(GraphWriter.attribute("group", geometry.groups()));
    }
    return graph.node(at.node(), CONV, inputs, attributes.toArray(AttributeProto[]::new));
  }

  private static AttributeProto attribute(String name, Extent extent) {
    return GraphWriter.attribute(name, SlidingAttributes.numbers(extent));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(2, 3);
    HostTensor weight = graph.constant(node.input(1));
    Shape shape = weight.shape();
    ModelFormatException.unless(
        shape.dimension() == 4,
        "its weight has shape " + shape + "; only two-dimensional convolutions are supported");
    List<Long> kernel = List.of(shape.get(2), shape.get(3));
    node.requireIntegers("kernel_shape", kernel, kernel);
    int operand = graph.value(node.input(0));
    SlidingAttributes sliding = SlidingAttributes.of(node, kernel, graph.shape(operand));
    long groups = node.integer("group", 1);
    ModelFormatException.unless(
        groups > 0 && groups <= shape.get(0),
        "group " + groups + " does not fit a weight of shape " + shape);
    node.requireNoOtherAttributes();
    int in = Math.toIntExact(Math.multiplyExact(shape.get(1), groups));
    int out = Math.toIntExact(shape.get(0));
    Geometry geometry =
        new Geometry(sliding.stride(), sliding.padding(), sliding.dilation(), (int) groups);
    Unbiased layer =
        new Unbiased(
            node,
            new Conv2d(in, out, sliding.kernel(), geometry, false),
            new Conv2d(in, out, sliding.kernel(), geometry, true),
            weight,
            sliding.padded(node, operand, graph));
    Shape result = layer.shape(graph);
    SizeLimit.requireUnfolded(
        Stream.of(in, sliding.kernel().height(), sliding.kernel().width()), result.slice(1));
    if (node.hasInput(2)) {
      layer.join(node, graph.constant(node.input(2)), graph);
    } else {
      layer.defer(graph);
    }
  }
}
