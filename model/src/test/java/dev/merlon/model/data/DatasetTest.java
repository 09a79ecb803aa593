package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private static final ImageShape SHAPE = new ImageShape(2, 1, 2);
  private static final byte[] PIXELS = {
    0, 1, 2, 3, (byte) 128, (byte) 200, (byte) 254, (byte) 255, 9, 8, 7, 6
  };
  private static final int[] LABELS = {2, 0, 1};

  @Test
  void image_everyByte_isTheNearestFloat() {
    Dataset ramp = ramp();

    float[] image = ramp.image(0);

    for (int u = 0; u < 256; u++) {
      assertThat(image[u]).isEqualTo((float) (u / 255.0)).isEqualTo(u / 255f).isBetween(0f, 1f);
    }
  }

  @Test
  void imageDoubles_everyByte_isTheNearestDouble() {
    double[] image = ramp().imageDoubles(0);

    for (int u = 0; u < 256; u++) {
      assertThat(image[u]).isEqualTo(u / 255.0);
    }
  }

  @Test
  void imageBytes_secondImage_areItsStoredBytes() {
    assertThat(sample().imageBytes(1))
        .containsExactly((byte) 128, (byte) 200, (byte) 254, (byte) 255);
  }

  @Test
  void fill_indicesInAnyOrder_writesThemInThatOrder() {
    float[] target = new float[9];
    target[8] = -1f;

    sample().fill(new int[] {2, 1}, target);

    assertThat(target)
        .containsExactly(
            9 / 255f, 8 / 255f, 7 / 255f, 6 / 255f, 128 / 255f, 200 / 255f, 254 / 255f, 1f, -1f);
  }

  @Test
  void fill_doubles_agreeWithImageDoubles() {
    double[] target = new double[4];

    sample().fill(new int[] {1}, target);

    assertThat(target).containsExactly(sample().imageDoubles(1));
  }

  @Test
  void fill_targetTooShort_isRefused() {
    assertThatThrownBy(() -> sample().fill(new int[] {0, 1}, new float[7]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8");
  }

  @Test
  void label_outside_isRefused() {
    assertThatThrownBy(() -> sample().label(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> sample().image(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void of_arraysChangedAfterwards_keepsItsContent() {
    byte[] pixels = PIXELS.clone();
    int[] labels = LABELS.clone();
    Dataset data = Dataset.of("sample", DataSplit.TEST, SHAPE, 3, pixels, labels);

    pixels[0] = 77;
    labels[0] = 1;
    data.imageBytes(1)[0] = 77;

    assertThat(data.imageBytes(0)[0]).isZero();
    assertThat(data.imageBytes(1)[0]).isEqualTo((byte) 128);
    assertThat(data.label(0)).isEqualTo(2);
  }

  @Test
  void of_wrongLengthOrLabel_isRefused() {
    assertThatThrownBy(() -> Dataset.of("x", DataSplit.TRAIN, SHAPE, 3, new byte[11], LABELS))
        .hasMessageContaining("12");
    assertThatThrownBy(() -> Dataset.of("x", DataSplit.TRAIN, SHAPE, 2, PIXELS, LABELS))
        .hasMessageContaining("label 2 of image 0");
    assertThatThrownBy(() -> Dataset.of("x", DataSplit.TRAIN, SHAPE, 3, new byte[0], new int[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void head_fewerThanAll_keepsTheFirst() {
    Dataset head = sample().head(2);

    assertThat(head.size()).isEqualTo(2);
    assertThat(head.labels(new int[] {0, 1})).containsExactly(2, 0);
    assertThat(head.image(1)).containsExactly(sample().image(1));
    assertThat(head.digest()).isNotEqualTo(sample().digest());
    assertThatThrownBy(() -> head.label(2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void head_allOrMore_isTheWhole() {
    assertThat(sample().head(3).digest()).isEqualTo(sample().digest());
    assertThat(sample().head(99).size()).isEqualTo(3);
    assertThatThrownBy(() -> sample().head(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void digest_canonicalBytes_areThoseDocumented() throws Exception {
    ByteBuffer canonical = ByteBuffer.allocate(17 + 4 * 8 + 12);
    canonical.put("merlon-dataset-1".getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
    for (int word : new int[] {3, 2, 1, 2, 3, 2, 0, 1}) {
      canonical.putInt(word);
    }
    canonical.put(PIXELS);
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(canonical.array());

    assertThat(canonical.hasRemaining()).isFalse();
    assertThat(sample().digest()).isEqualTo(HexFormat.of().formatHex(expected));
  }

  @Test
  void digest_anyContentChange_changesIt() {
    byte[] otherPixels = PIXELS.clone();
    otherPixels[11] ^= 1;
    ImageShape otherShape = new ImageShape(1, 2, 2);

    assertThat(digest("sample", SHAPE, 3, PIXELS, LABELS)).isEqualTo(sample().digest());
    assertThat(digest("renamed", SHAPE, 3, PIXELS, LABELS)).isEqualTo(sample().digest());
    assertThat(digest("sample", SHAPE, 3, otherPixels, LABELS)).isNotEqualTo(sample().digest());
    assertThat(digest("sample", otherShape, 3, PIXELS, LABELS)).isNotEqualTo(sample().digest());
    assertThat(digest("sample", SHAPE, 4, PIXELS, LABELS)).isNotEqualTo(sample().digest());
    assertThat(digest("sample", SHAPE, 3, PIXELS, new int[] {2, 1, 0}))
        .isNotEqualTo(sample().digest());
  }

  @Test
  void imageShape_notPositiveOrTooLarge_isRefused() {
    assertThatThrownBy(() -> new ImageShape(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ImageShape(3, 1, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ImageShape(1 << 11, 1 << 11, 1 << 11))
        .isInstanceOf(ArithmeticException.class);
  }

  private static Dataset sample() {
    return Dataset.of("sample", DataSplit.TEST, SHAPE, 3, PIXELS, LABELS);
  }

  private static String digest(
      String name, ImageShape shape, int classes, byte[] pixels, int[] labels) {
    return Dataset.of(name, DataSplit.TEST, shape, classes, pixels, labels).digest();
  }

  private static Dataset ramp() {
    byte[] pixels = new byte[256];
    for (int u = 0; u < 256; u++) {
      pixels[u] = (byte) u;
    }
    return Dataset.of("ramp", DataSplit.TRAIN, new ImageShape(1, 16, 16), 1, pixels, new int[] {0});
  }
}
