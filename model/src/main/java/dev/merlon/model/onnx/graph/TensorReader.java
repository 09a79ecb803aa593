package dev.merlon.model.onnx.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.merlon.model.tensor.HostTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the constants of a file: finite tensors of numbers that lie inside it. */
public final class TensorReader {
  private TensorReader() {}

  /**
   * The values of a float32 or float64 tensor.
   *
   * @throws ModelFormatException when it is of another type, damaged or not finite
   */
  public static HostTensor real(TensorProto proto) {
    String what = "tensor '" + proto.getName() + "'";
    DataType type =
        type(proto.getDataType())
            .orElseThrow(
                () ->
                    new ModelFormatException(
                        what
                            + " is of type "
                            + typeName(proto.getDataType())
                            + ", only FLOAT and DOUBLE are supported"));
    HostTensor tensor = read(what, proto, type);
    for (double value : tensor.toDoubles()) {
      ModelFormatException.unless(Double.isFinite(value), what + " holds " + value);
    }
    return tensor;
  }

  /**
   * The values of an int64 tensor. @throws ModelFormatException when it is of another type or
   * damaged
   */
  static List<Long> integers(TensorProto proto) {
    String what = "tensor '" + proto.getName() + "'";
    ModelFormatException.unless(
        proto.getDataType() == TensorProto.DataType.INT64.getNumber(),
        what + " is of type " + typeName(proto.getDataType()) + " where INT64 is needed");
    ByteBuffer bytes =
        ByteBuffer.wrap(read(what, proto, DataType.INT64).toByteArray())
            .order(ByteOrder.LITTLE_ENDIAN);
    List<Long> values = new ArrayList<>();
    while (bytes.hasRemaining()) {
      values.add(bytes.getLong());
    }
    return values;
  }

  /** A single boolean. @throws ModelFormatException when it is something else or damaged */
  static boolean flag(TensorProto proto) {
    String what = "tensor '" + proto.getName() + "'";
    ModelFormatException.unless(
        proto.getDataType() == TensorProto.DataType.BOOL.getNumber()
            && size(what, proto.getDimsList()) == 1,
        what + " is not a single truth value");
    return proto.hasRawData()
        ? proto.getRawData().size() != 1 || proto.getRawData().byteAt(0) != 0
        : proto.getInt32DataCount() != 1 || proto.getInt32Data(0) != 0;
  }

  /** The type of real numbers that a number of the format stands for. */
  public static Optional<DataType> type(int number) {
    if (number == TensorProto.DataType.FLOAT.getNumber()) {
      return Optional.of(DataType.FLOAT32);
    }
    return number == TensorProto.DataType.DOUBLE.getNumber()
        ? Optional.of(DataType.FLOAT64)
        : Optional.empty();
  }

  private static HostTensor read(String what, TensorProto proto, DataType type) {
    ModelFormatException.unless(
        proto.getDataLocation() == TensorProto.DataLocation.DEFAULT
            && proto.getExternalDataCount() == 0,
        what + " lies in another file");
    ModelFormatException.unless(!proto.hasSegment(), what + " is only a segment");
    long size = size(what, proto.getDimsList());
    byte[] bytes = proto.hasRawData() ? proto.getRawData().toByteArray() : typed(proto, type);
    int width = type.getNumOfBytes();
    ModelFormatException.unless(
        bytes.length == size * width,
        proto.hasRawData()
            ? what + " has " + bytes.length + " bytes where its shape needs " + size * width
            : what + " has " + bytes.length / width + " values where its shape needs " + size);
    Shape shape = new Shape(proto.getDimsList().stream().mapToLong(Long::longValue).toArray());
    return HostTensor.of(type, shape, bytes);
  }

  private static byte[] typed(TensorProto proto, DataType type) {
    int count =
        switch (type) {
          case FLOAT32 -> proto.getFloatDataCount();
          case FLOAT64 -> proto.getDoubleDataCount();
          default -> proto.getInt64DataCount();
        };
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, type.getNumOfBytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      switch (type) {
        case FLOAT32 -> bytes.putFloat(proto.getFloatData(i));
        case FLOAT64 -> bytes.putDouble(proto.getDoubleData(i));
        default -> bytes.putLong(proto.getInt64Data(i));
      }
    }
    return bytes.array();
  }

  /** Number of elements; one for a scalar. */
  private static long size(String what, List<Long> extents) {
    long size = 1;
    for (long extent : extents) {
      boolean possible = extent > 0 && size <= Integer.MAX_VALUE / extent;
      ModelFormatException.unless(possible, what + " has an impossible shape " + extents);
      size *= extent;
    }
    return size;
  }

  private static String typeName(int number) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(number);
    return type == null ? Integer.toString(number) : type.name();
  }
}
