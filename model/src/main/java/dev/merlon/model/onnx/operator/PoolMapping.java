package dev.merlon.model.onnx.operator;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.SizeLimit;
import dev.merlon.model.onnx.graph.WrittenOperator;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Windows;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code AveragePool}, {@code MaxPool} and {@code GlobalAveragePool} in two dimensions, whose
 * numbers of positions are rounded down or need not be rounded; padded alike on opposite sides,
 * save for means that count padding.
 */
final class PoolMapping implements OperatorMapping {
  private static final WrittenOperator AVERAGE_POOL = new WrittenOperator("AveragePool", 11);
  private static final WrittenOperator MAX_POOL = new WrittenOperator("MaxPool", 12);
  private static final WrittenOperator GLOBAL_AVERAGE_POOL =
      new WrittenOperator("GlobalAveragePool", 1);

  @Override
  public List<String> operators() {
    return List.of("AveragePool", "GlobalAveragePool", "MaxPool");
  }

  static String write(AveragePool operation, Operands<String> at, GraphWriter graph) {
    Windows windows = operation.windows();
    return graph.node(
        at.node(),
        AVERAGE_POOL,
        List.of(at.first()),
        GraphWriter.attribute("count_include_pad", operation.countPadding() ? 1 : 0),
        GraphWriter.attribute("kernel_shape", SlidingAttributes.numbers(windows.kernel())),
        GraphWriter.attribute("pads", SlidingAttributes.pads(windows.padding())),
        GraphWriter.attribute("strides", SlidingAttributes.numbers(windows.stride())));
  }

  static String write(MaxPool operation, Operands<String> at, GraphWriter graph) {
    Windows windows = operation.windows();
    return graph.node(
        at.node(),
        MAX_POOL,
        List.of(at.first()),
        GraphWriter.attribute("kernel_shape", SlidingAttributes.numbers(windows.kernel())),
        GraphWriter.attribute("pads", SlidingAttributes.pads(windows.padding())),
        GraphWriter.attribute("strides", SlidingAttributes.numbers(windows.stride())));
  }

  static String write(Operands<String> at, GraphWriter graph) {
    return graph.node(at.node(), GLOBAL_AVERAGE_POOL, List.of(at.first()));
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 1);
    int operand = graph.value(node.input(0));
    if (node.operator().equals("GlobalAveragePool")) {
      node.requireNoOtherAttributes();
      graph.append(node, new GlobalAveragePool(), operand);
      return;
    }
    SlidingAttributes sliding = sliding(node, graph.shape(operand));
    Windows windows = new Windows(sliding.kernel(), sliding.stride(), sliding.padding());
    boolean countPadding = node.integer("count_include_pad", 0) != 0;
    ModelFormatException.unless(
        sliding.isEven() || countPadding,
        "padding one side more than the other is only supported for means that count padding");
    if (node.operator().equals("MaxPool")) {
      node.requireInteger("storage_order", 0, 0);
      node.requireNoOtherAttributes();
      ModelFormatException.unless(!countPadding, "count_include_pad is no attribute of it");
      append(node, new MaxPool(windows), windows, operand, graph);
    } else {
      node.requireNoOtherAttributes();
      int source = sliding.padded(node, operand, graph);
      append(node, new AveragePool(windows, countPadding), windows, source, graph);
    }
  }

  private static void append(
      OnnxNode node, Operation pool, Windows windows, int operand, GraphReader graph) {
    Shape result = graph.check(pool, Map.of(), operand);
    SizeLimit.requireUnfolded(
        Stream.of(windows.kernel().height(), windows.kernel().width()), result);
    graph.append(node, pool, operand);
  }

  private static SlidingAttributes sliding(OnnxNode node, Shape operand) {
    List<Long> kernel = node.integers("kernel_shape", List.of());
    boolean roundsUp = node.integer("ceil_mode", 0) != 0;
    SlidingAttributes sliding = SlidingAttributes.of(node, kernel, operand);
    ModelFormatException.unless(
        !roundsUp || sliding.fillsExactly(operand),
        "ceil_mode 1 is only supported where windows fill the padded image exactly");
    ModelFormatException.unless(
        sliding.dilation().equals(Extent.square(1)), "dilated windows are not supported");
    return sliding;
  }
}
