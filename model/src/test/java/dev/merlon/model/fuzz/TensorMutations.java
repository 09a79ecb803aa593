package dev.merlon.model.fuzz;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damage to the constants of a graph. */
final class TensorMutations {
  private static final List<String> PLACES =
      List.of("/dev/zero", "/etc/passwd", "../weights.bin", "weights.bin", "", "/dev/stdin");

  private TensorMutations() {}

  static void apply(GraphProto.Builder graph, RandomGenerator random) {
    if (graph.getInitializerCount() == 0) {
      graph.addInitializer(external(TensorProto.newBuilder().setName("new"), random));
      return;
    }
    int at = random.nextInt(graph.getInitializerCount());
    TensorProto.Builder tensor = graph.getInitializerBuilder(at);
    switch (random.nextInt(12)) {
      case 0 -> graph.removeInitializer(at);
      case 1 -> graph.addInitializer(tensor.build());
      case 2 -> tensor.setName(ExtremeValues.name(random));
      case 3 -> graph.addInitializer(external(tensor.clone().setName("unused"), random));
      case 4 -> external(tensor, random);
      case 5 -> tensor.setDataType(random.nextInt(26) - 1);
      case 6, 7 -> shape(tensor, random);
      case 8 -> size(tensor, random);
      default -> values(tensor, random);
    }
  }

  private static TensorProto.Builder external(TensorProto.Builder tensor, RandomGenerator random) {
    tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
    if (random.nextBoolean()) {
      tensor.clearRawData();
    }
    return tensor
        .addExternalData(entry("location", ExtremeValues.of(PLACES, random)))
        .addExternalData(entry("offset", Long.toString(ExtremeValues.whole(random))))
        .addExternalData(entry("length", Long.toString(ExtremeValues.whole(random))));
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static void shape(TensorProto.Builder tensor, RandomGenerator random) {
    int axes = tensor.getDimsCount();
    switch (random.nextInt(5)) {
      case 0 -> tensor.addDims(ExtremeValues.whole(random));
      case 1 -> tensor.clearDims();
      case 2 ->
          tensor
              .clearDims()
              .addDims(ExtremeValues.whole(random))
              .addDims(ExtremeValues.whole(random));
      case 3 -> {
        for (int i = random.nextInt(2000); i > 0; i--) {
          tensor.addDims(1);
        }
      }
      default -> {
        if (axes > 0) {
          tensor.setDims(random.nextInt(axes), ExtremeValues.whole(random));
        }
      }
    }
  }

  private static void size(TensorProto.Builder tensor, RandomGenerator random) {
    ByteString raw = tensor.getRawData();
    switch (random.nextInt(5)) {
      case 0 -> tensor.setRawData(raw.substring(0, random.nextInt(raw.size() + 1)));
      case 1 -> tensor.setRawData(raw.concat(raw));
      case 2 -> tensor.clearRawData();
      case 3 -> tensor.addFloatData((float) ExtremeValues.real(random)).addInt64Data(3);
      default -> tensor.addStringData(raw).setSegment(TensorProto.Segment.newBuilder().setBegin(1));
    }
  }

  private static void values(TensorProto.Builder tensor, RandomGenerator random) {
    byte[] raw = tensor.getRawData().toByteArray();
    boolean wide = tensor.getDataType() == TensorProto.DataType.DOUBLE.getNumber();
    int width = wide ? Double.BYTES : Float.BYTES;
    boolean all = random.nextInt(3) == 0;
    double value = ExtremeValues.real(random);
    ByteBuffer view = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i + width <= raw.length; i += width) {
      if (all || random.nextInt(Math.max(1, raw.length / width)) == 0) {
        if (wide) {
          view.putDouble(i, value);
        } else {
          view.putFloat(i, (float) value);
        }
      }
    }
    if (tensor.hasRawData()) {
      tensor.setRawData(ByteString.copyFrom(raw));
    } else if (tensor.getInt64DataCount() > 0) {
      tensor.setInt64Data(random.nextInt(tensor.getInt64DataCount()), ExtremeValues.whole(random));
    } else if (tensor.getFloatDataCount() > 0) {
      tensor.setFloatData(random.nextInt(tensor.getFloatDataCount()), (float) value);
    } else if (tensor.getDoubleDataCount() > 0) {
      tensor.setDoubleData(random.nextInt(tensor.getDoubleDataCount()), value);
    }
  }
}
