package dev.merlon.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;

class TensorBytesTest {

  @Test
  void tensor_fittingBytes_surviveSerialisation() throws InvalidProtocolBufferException {
    byte[] bytes = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, (byte) 0xc0};
    Tensor tensor = TensorBytes.tensor(ElementType.FLOAT32, new long[] {2, 1}, bytes);
    Tensor again = TensorBytes.checked(Tensor.parseFrom(Digests.canonicalBytes(tensor)));
    assertThat(again).isEqualTo(tensor);
    assertThat(again.getShapeList()).containsExactly(2L, 1L);
    assertThat(again.getData().toByteArray()).isEqualTo(bytes);
  }

  @Test
  void tensor_emptyShape_isAScalar() {
    assertThat(TensorBytes.tensor(ElementType.INT64, new long[0], new byte[8]).getShapeCount())
        .isZero();
  }

  @Test
  void tensor_bytesThatDoNotFit_areRefused() {
    assertThatThrownBy(() -> TensorBytes.tensor(ElementType.FLOAT64, new long[] {3}, new byte[23]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs 24 bytes but has 23");
  }

  @Test
  void checked_impossibleShapeOrUnknownType_isRefused() {
    var negative =
        Tensor.newBuilder().setElementType(ElementType.FLOAT32).addShape(-1).addShape(-1);
    assertThatThrownBy(() -> TensorBytes.checked(negative.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("negative");
    var huge = negative.clone().clearShape().addShape(1L << 40).addShape(1L << 40);
    assertThatThrownBy(() -> TensorBytes.checked(huge.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too large");
    assertThatThrownBy(() -> TensorBytes.checked(Tensor.getDefaultInstance()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown element type");
  }
}
