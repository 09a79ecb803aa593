package dev.merlon.model.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The digest that names a data set's content. Canonical bytes: the tag {@code merlon-dataset-1} and
 * a zero byte, then N, C, H, W and the class count, then N labels, all as big-endian 32-bit
 * integers, then the {@code N*C*H*W} pixels. Images are added one after another.
 */
final class DatasetDigest {
  private static final byte[] TAG = "merlon-dataset-1\0".getBytes(StandardCharsets.US_ASCII);

  private final MessageDigest sha256 = DigestUtils.getSha256Digest();

  /** The digest of images with this shape and these labels, before the first image. */
  DatasetDigest(ImageShape shape, int classes, int[] labels) {
    sha256.update(TAG);
    ByteBuffer integers = ByteBuffer.allocate(Integer.BYTES * (5 + labels.length));
    integers.putInt(labels.length);
    integers.putInt(shape.channels()).putInt(shape.height()).putInt(shape.width());
    integers.putInt(classes);
    for (int label : labels) {
      integers.putInt(label);
    }
    sha256.update(integers.array());
  }

  /** Adds the next image, {@code [C,H,W]}. */
  void add(byte[] image) {
    sha256.update(image);
  }

  /** The digest of everything added, 32 bytes; ends the use of this object. */
  byte[] bytes() {
    return sha256.digest();
  }

  /** {@link #bytes} as 64 lower-case hex digits. */
  String hex() {
    return HexFormat.of().formatHex(bytes());
  }
}
