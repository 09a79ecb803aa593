package dev.merlon.model.onnx;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.merlon.model.tensor.HostTensor;
import java.util.List;

/** Reads the constants of a file: finite float32 tensors that lie inside it. */
final class TensorReader {
  private TensorReader() {}

  /** The values of a tensor. @throws Refusal when it is of another type, damaged or not finite */
  static HostTensor float32(TensorProto proto) {
    String what = "tensor '" + proto.getName() + "'";
    Refusal.unless(
        proto.getDataType() == TensorProto.DataType.FLOAT.getNumber(),
        what + " is of type " + typeName(proto.getDataType()) + ", only FLOAT is supported");
    Refusal.unless(
        proto.getDataLocation() == TensorProto.DataLocation.DEFAULT
            && proto.getExternalDataCount() == 0,
        what + " lies in another file");
    Refusal.unless(!proto.hasSegment(), what + " is only a segment");
    long[] extents = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    long size = size(what, proto.getDimsList());
    HostTensor tensor =
        proto.hasRawData() ? raw(what, proto, extents, size) : typed(what, proto, extents, size);
    for (float value : tensor.toFloats()) {
      Refusal.unless(Float.isFinite(value), what + " holds " + value);
    }
    return tensor;
  }

  private static HostTensor raw(String what, TensorProto proto, long[] extents, long size) {
    long bytes = proto.getRawData().size();
    Refusal.unless(
        bytes == size * Float.BYTES,
        what + " has " + bytes + " bytes where its shape needs " + size * Float.BYTES);
    return HostTensor.of(DataType.FLOAT32, new Shape(extents), proto.getRawData().toByteArray());
  }

  private static HostTensor typed(String what, TensorProto proto, long[] extents, long size) {
    Refusal.unless(
        proto.getFloatDataCount() == size,
        what + " has " + proto.getFloatDataCount() + " values where its shape needs " + size);
    float[] values = new float[Math.toIntExact(size)];
    for (int i = 0; i < values.length; i++) {
      values[i] = proto.getFloatData(i);
    }
    return HostTensor.of(values, extents);
  }

  /** Number of elements; one for a scalar. */
  private static long size(String what, List<Long> extents) {
    long size = 1;
    for (long extent : extents) {
      boolean possible = extent > 0 && size <= Integer.MAX_VALUE / extent;
      Refusal.unless(possible, what + " has an impossible shape " + extents);
      size *= extent;
    }
    return size;
  }

  private static String typeName(int number) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(number);
    return type == null ? Integer.toString(number) : type.name();
  }
}
