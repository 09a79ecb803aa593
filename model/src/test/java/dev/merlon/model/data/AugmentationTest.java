package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.data.AugmentSettings;
import dev.merlon.config.data.PaddingMode;
import dev.merlon.model.data.SampleOrder.Cursor;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AugmentationTest {
  private static final ImageShape SHAPE = new ImageShape(2, 4, 5);
  private static final int COUNT = 40;

  /** Every value of an image is different and tells where it was. */
  private static final Dataset DATA = numbered();

  @ParameterizedTest
  @EnumSource(PaddingMode.class)
  void crop_everyDraw_isTheDefinitionByPaddingAndMirroring(PaddingMode padding) {
    AugmentSettings settings = new AugmentSettings(true, true, 2, padding);
    Augmentation augmentation = new Augmentation(settings, 7, SHAPE, SHAPE);

    for (int index = 0; index < COUNT; index++) {
      Crop crop = augmentation.crop(1, index);
      byte[] whole = DATA.imageBytes(index);
      byte[] cut = new byte[SHAPE.elements()];
      crop.copy(whole, cut, 0);

      assertThat(cut).containsExactly(byDefinition(whole, crop, padding));
    }
  }

  @Test
  void crop_manyDraws_coverEveryPlaceAndBothSides() {
    Augmentation augmentation =
        new Augmentation(new AugmentSettings(true, true, 2, PaddingMode.EDGE), 1, SHAPE, SHAPE);
    Set<String> seen = new HashSet<>();
    for (int index = 0; index < 2000; index++) {
      Crop crop = augmentation.crop(0, index);
      assertThat(crop.top()).isBetween(-2, 2);
      assertThat(crop.left()).isBetween(-2, 2);
      seen.add(crop.top() + " " + crop.left() + " " + crop.mirrored());
    }
    assertThat(seen).hasSize(5 * 5 * 2);
  }

  @Test
  void crop_smallerSquareWithoutPadding_staysInside() {
    ImageShape seen = new ImageShape(2, 3, 3);
    Augmentation augmentation =
        new Augmentation(new AugmentSettings(false, true, 0, PaddingMode.ZERO), 1, SHAPE, seen);
    Set<String> places = new HashSet<>();
    for (int index = 0; index < 300; index++) {
      Crop crop = augmentation.crop(0, index);
      assertThat(crop.sources()).doesNotContain(Crop.BLACK);
      assertThat(crop.mirrored()).isFalse();
      places.add(crop.top() + " " + crop.left());
    }
    assertThat(places).hasSize(2 * 3);
  }

  @Test
  void batch_sameImageInAnotherBatch_isChangedAlike() {
    Augmentation augmentation =
        new Augmentation(new AugmentSettings(true, true, 2, PaddingMode.EDGE), 5, SHAPE, SHAPE);
    Batch one = augmentation.batch(DATA, new Cursor(3, 0), 30, new int[] {4, 9, 17});
    Batch other = augmentation.batch(DATA, new Cursor(3, 8), 38, new int[] {17});

    int from = 2 * SHAPE.elements();
    assertThat(Arrays.copyOfRange(one.pixels(), from, from + SHAPE.elements()))
        .containsExactly(other.pixels());
    assertThat(one.labels()).containsExactly(DATA.labels(new int[] {4, 9, 17}));
  }

  @Test
  void crop_otherEpochSeedOrImage_isDrawnAnew() {
    AugmentSettings settings = new AugmentSettings(true, true, 2, PaddingMode.EDGE);
    Set<String> draws = new HashSet<>();
    for (int seed = 0; seed < 4; seed++) {
      for (int epoch = 0; epoch < 4; epoch++) {
        StringBuilder all = new StringBuilder();
        for (int index = 0; index < 20; index++) {
          all.append(new Augmentation(settings, seed, SHAPE, SHAPE).crop(epoch, index));
        }
        draws.add(all.toString());
      }
    }
    assertThat(draws).hasSize(16);
  }

  @Test
  void clean_smallerSquare_isTheCentreWhateverTheDraws() {
    ImageShape seen = new ImageShape(2, 2, 2);
    var changes =
        new Augmentation(new AugmentSettings(true, true, 0, PaddingMode.EDGE), 7, SHAPE, seen);
    int[] indices = {3, 1};
    Dataset centres = DATA.centreCrop(2);

    for (int epoch = 0; epoch < 5; epoch++) {
      Cursor cursor = new Cursor(epoch, 0);
      Batch clean = changes.clean(DATA, cursor, epoch, indices);
      assertThat(clean.pixels())
          .containsExactly(Batch.of(centres, cursor, epoch, indices).pixels());
      assertThat(clean.labels()).containsExactly(DATA.labels(indices));
    }
  }

  @Test
  void batch_nothingAskedFor_givesTheImagesThemselves() {
    Batch plain = Augmentation.none(SHAPE).batch(DATA, Cursor.START, 0, new int[] {3, 1});

    assertThat(plain.pixels()).startsWith(DATA.image(3)).endsWith(DATA.image(1));
  }

  @Test
  void new_squareLargerThanTheExtendedImage_isRefused() {
    AugmentSettings settings = new AugmentSettings(false, true, 1, PaddingMode.EDGE);
    assertThatThrownBy(() -> new Augmentation(settings, 0, SHAPE, new ImageShape(2, 7, 7)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Mirror, extend by the padding, cut: each step spelled out on whole pictures. */
  private static byte[] byDefinition(byte[] whole, Crop crop, PaddingMode padding) {
    int height = SHAPE.height();
    int width = SHAPE.width();
    int pad = 2;
    byte[] out = new byte[whole.length];
    for (int channel = 0; channel < SHAPE.channels(); channel++) {
      byte[][] extended = new byte[height + 2 * pad][width + 2 * pad];
      for (int row = 0; row < height + 2 * pad; row++) {
        for (int column = 0; column < width + 2 * pad; column++) {
          int r = Math.max(0, Math.min(height - 1, row - pad));
          int c = Math.max(0, Math.min(width - 1, column - pad));
          boolean outside = r != row - pad || c != column - pad;
          int source = crop.mirrored() ? width - 1 - c : c;
          extended[row][column] =
              outside && padding == PaddingMode.ZERO
                  ? 0
                  : whole[(channel * height + r) * width + source];
        }
      }
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          out[(channel * height + row) * width + column] =
              extended[row + pad + crop.top()][column + pad + crop.left()];
        }
      }
    }
    return out;
  }

  private static Dataset numbered() {
    byte[] pixels = new byte[COUNT * SHAPE.elements()];
    int[] labels = new int[COUNT];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (1 + i % 251);
    }
    for (int i = 0; i < COUNT; i++) {
      labels[i] = i % 3;
    }
    return Dataset.of("numbered", DataSplit.TRAIN, SHAPE, 3, pixels, labels);
  }
}
