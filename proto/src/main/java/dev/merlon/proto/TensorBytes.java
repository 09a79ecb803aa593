package dev.merlon.proto;

import com.google.protobuf.ByteString;

/** Builds and checks {@link Tensor} messages. */
public final class TensorBytes {
  private TensorBytes() {}

  /**
   * A tensor message of raw elements.
   *
   * @param littleEndian the elements, last index fastest; copied
   * @throws IllegalArgumentException if the bytes do not fit type and shape
   */
  public static Tensor tensor(ElementType type, long[] shape, byte[] littleEndian) {
    Tensor.Builder tensor = Tensor.newBuilder().setElementType(type);
    for (long size : shape) {
      tensor.addShape(size);
    }
    return checked(tensor.setData(ByteString.copyFrom(littleEndian)).build());
  }

  /**
   * The same tensor, if its bytes fit its type and shape.
   *
   * @throws IllegalArgumentException if they do not, or the type is unknown
   */
  public static Tensor checked(Tensor tensor) {
    long bytes = elementBytes(tensor.getElementType());
    for (long size : tensor.getShapeList()) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "tensor shape " + tensor.getShapeList() + " is negative");
      }
      if (size > 0 && bytes > Integer.MAX_VALUE / size) {
        throw new IllegalArgumentException(
            "tensor shape " + tensor.getShapeList() + " is too large");
      }
      bytes *= size;
    }
    if (bytes != tensor.getData().size()) {
      throw new IllegalArgumentException(
          "tensor of type "
              + tensor.getElementType()
              + " and shape "
              + tensor.getShapeList()
              + " needs "
              + bytes
              + " bytes but has "
              + tensor.getData().size());
    }
    return tensor;
  }

  private static long elementBytes(ElementType type) {
    return switch (type) {
      case FLOAT32 -> Float.BYTES;
      case FLOAT64 -> Double.BYTES;
      case INT64 -> Long.BYTES;
      case ELEMENT_TYPE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("tensor of an unknown element type");
    };
  }
}
