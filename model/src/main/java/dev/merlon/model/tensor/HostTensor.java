package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An immutable tensor in Java memory, row-major, little-endian: what crosses threads, files and
 * devices. Equality is equality of type, shape and every bit.
 */
public final class HostTensor {
  private final DataType type;
  private final Shape shape;
  private final byte[] data;

  private HostTensor(DataType type, Shape shape, byte[] data) {
    if (data.length != shape.size() * type.getNumOfBytes()) {
      throw new IllegalArgumentException(
          "tensor of shape "
              + shape
              + " and type "
              + type
              + " needs other than "
              + data.length
              + " bytes");
    }
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  /** A float32 tensor of these values. */
  public static HostTensor of(float[] values, long... shape) {
    byte[] bytes = new byte[values.length * Float.BYTES];
    littleEndian(bytes).asFloatBuffer().put(values);
    return new HostTensor(DataType.FLOAT32, new Shape(shape), bytes);
  }

  /** A float64 tensor of these values. */
  public static HostTensor of(double[] values, long... shape) {
    byte[] bytes = new byte[values.length * Double.BYTES];
    littleEndian(bytes).asDoubleBuffer().put(values);
    return new HostTensor(DataType.FLOAT64, new Shape(shape), bytes);
  }

  /** A tensor from its little-endian bytes; the array is copied. */
  public static HostTensor of(DataType type, Shape shape, byte[] littleEndian) {
    return new HostTensor(type, shape, littleEndian.clone());
  }

  /** A copy of a device tensor's values. */
  public static HostTensor copyOf(NDArray array) {
    ByteBuffer source = array.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    return new HostTensor(array.getDataType(), array.getShape(), bytes);
  }

  /** Copies of the values of device tensors, under the same names and in their order. */
  public static Map<String, HostTensor> copiesOf(Map<String, NDArray> arrays) {
    Map<String, HostTensor> copies = new LinkedHashMap<>();
    arrays.forEach((name, array) -> copies.put(name, copyOf(array)));
    return copies;
  }

  /** Element type. */
  public DataType type() {
    return type;
  }

  /** Shape. */
  public Shape shape() {
    return shape;
  }

  /** A fresh little-endian, direct view of a copy of the bytes, positioned at the first. */
  public ByteBuffer bytes() {
    ByteBuffer direct = ByteBuffer.allocateDirect(data.length).order(ByteOrder.nativeOrder());
    direct.put(data);
    return direct.rewind();
  }

  /** A copy of the little-endian bytes. */
  public byte[] toByteArray() {
    return data.clone();
  }

  /** The values as float64, converted exactly where they are float32. */
  public double[] toDoubles() {
    ByteBuffer buffer = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case FLOAT64 -> buffer.getDouble();
            case FLOAT32 -> buffer.getFloat();
            case INT64 -> buffer.getLong();
            default -> throw new IllegalStateException("no conversion from " + type);
          };
    }
    return values;
  }

  /** The values as float32, rounded where they are float64. */
  public float[] toFloats() {
    double[] wide = toDoubles();
    float[] values = new float[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) wide[i];
    }
    return values;
  }

  /** This tensor with its values in another floating-point type. */
  public HostTensor as(DataType other) {
    if (other == type) {
      return this;
    }
    return other == DataType.FLOAT64
        ? of(toDoubles(), shape.getShape())
        : of(toFloats(), shape.getShape());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostTensor that
        && type == that.type
        && shape.equals(that.shape)
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return 31 * shape.hashCode() + Arrays.hashCode(data);
  }

  @Override
  public String toString() {
    return type + " " + shape;
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
