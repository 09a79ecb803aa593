package dev.merlon.model.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The digest that names a data set's content. Canonical bytes: the tag {@code merlon-dataset-1} and
 * a zero byte, then N, C, H, W and the class count, then N labels, all as big-endian 32-bit
 * integers, then the {@code N*C*H*W} pixels.
 */
final class DatasetDigest {
  private static final byte[] TAG = "merlon-dataset-1\0".getBytes(StandardCharsets.US_ASCII);

  private DatasetDigest() {}

  static String of(Dataset data) {
    MessageDigest sha256 = sha256();
    sha256.update(TAG);
    ImageShape shape = data.shape();
    ByteBuffer integers = ByteBuffer.allocate(Integer.BYTES * (5 + data.size()));
    integers.putInt(data.size());
    integers.putInt(shape.channels()).putInt(shape.height()).putInt(shape.width());
    integers.putInt(data.classes());
    for (int i = 0; i < data.size(); i++) {
      integers.putInt(data.label(i));
    }
    sha256.update(integers.array());
    byte[] image = new byte[shape.elements()];
    for (int i = 0; i < data.size(); i++) {
      data.copyBytes(i, image);
      sha256.update(image);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform provides SHA-256", e);
    }
  }
}
