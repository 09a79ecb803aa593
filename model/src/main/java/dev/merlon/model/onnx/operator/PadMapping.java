package dev.merlon.model.onnx.operator;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import dev.merlon.model.network.Network.Operands;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.onnx.graph.GraphReader;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.ModelFormatException;
import dev.merlon.model.onnx.graph.OnnxNode;
import dev.merlon.model.onnx.graph.WrittenOperator;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Padding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** {@code Pad} with a constant around any axes but the batch. */
final class PadMapping implements OperatorMapping {
  private static final WrittenOperator PAD = new WrittenOperator("Pad", 13);

  @Override
  public List<String> operators() {
    return List.of("Pad");
  }

  static String write(Pad operation, Operands<String> at, GraphWriter graph) {
    Padding padding = operation.padding();
    long[] pads =
        Stream.of(List.of(0), padding.before(), List.of(0), padding.after())
            .flatMap(List::stream)
            .mapToLong(Integer::longValue)
            .toArray();
    String name = at.node().name();
    List<String> inputs =
        List.of(
            at.first(),
            graph.integers(name + ".pads", pads),
            graph.constant(
                name + ".value", HostTensor.of(new float[] {(float) operation.value()})));
    AttributeProto mode =
        AttributeProto.newBuilder()
            .setName("mode")
            .setType(AttributeProto.AttributeType.STRING)
            .setS(ByteString.copyFromUtf8("constant"))
            .build();
    return graph.node(at.node(), PAD, inputs, mode);
  }

  @Override
  public void read(OnnxNode node, GraphReader graph) {
    node.requireInputs(1, 4);
    String mode = node.text("mode", "constant");
    ModelFormatException.unless(
        mode.equals("constant"), "mode " + mode + " is not supported, only constant");
    int operand = graph.value(node.input(0));
    int rank = graph.shape(operand).dimension() + 1;
    // Up to operator set 10 the numbers are attributes.
    List<Long> stated = node.integers("pads", List.of());
    double value = node.real("value", 0);
    node.requireNoOtherAttributes();
    if (node.hasInput(2)) {
      HostTensor constant = graph.constant(node.input(2));
      ModelFormatException.unless(constant.shape().size() == 1, "its value is not a single number");
      graph.requireType(constant, operand);
      value = constant.toDoubles()[0];
    }
    List<Long> given = node.hasInput(1) ? graph.integers(node.input(1)) : stated;
    List<Long> axes =
        node.hasInput(3)
            ? graph.integers(node.input(3))
            : LongStream.range(0, rank).boxed().toList();
    Padding padding = padding(given, axes, rank);
    graph.append(node, new Pad(padding, value), operand);
  }

  private static Padding padding(List<Long> pads, List<Long> axes, int rank) {
    ModelFormatException.unless(
        pads.size() == 2 * axes.size()
            && pads.stream().allMatch(count -> count >= 0 && count <= Short.MAX_VALUE),
        "pads " + pads + " are not supported, only counts from 0 for both ends of " + axes);
    int[] before = new int[rank];
    int[] after = new int[rank];
    for (int i = 0; i < axes.size(); i++) {
      long axis = axes.get(i) < 0 ? axes.get(i) + rank : axes.get(i);
      ModelFormatException.unless(
          axis >= 0 && axis < rank, "axes " + axes + " are not those of its operand");
      before[(int) axis] += pads.get(i).intValue();
      after[(int) axis] += pads.get(i + axes.size()).intValue();
    }
    ModelFormatException.unless(
        before[0] == 0 && after[0] == 0, "pads " + pads + " change the batch");
    return new Padding(ofSample(before), ofSample(after));
  }

  private static List<Integer> ofSample(int... counts) {
    List<Integer> sample = new ArrayList<>();
    for (int axis = 1; axis < counts.length; axis++) {
      sample.add(counts[axis]);
    }
    return sample;
  }
}
