package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunImagesTest {
  private static final ImageShape SHAPE = new ImageShape(1, 6, 8);

  /** 60 images of class 0, 30 of class 1, 11 of class 2; image i is i everywhere. */
  private static final Dataset ALL = unbalanced();

  @Test
  void training_nothingHeldBack_isThePartItself() {
    RunImages.Training training = images().training(ALL);

    assertThat(training.train()).isSameAs(ALL);
    assertThat(training.validation()).isEmpty();
    assertThat(training.digest()).isEqualTo(ALL.digest());
  }

  @Test
  void training_share_isTakenFromEveryClassInProportion() {
    RunImages.Training training = images("data.validation=0.2").training(ALL);
    Dataset held = training.validation().orElseThrow();

    assertThat(held.size()).isEqualTo(20);
    assertThat(held.split()).isEqualTo(DataSplit.VALIDATION);
    assertThat(countsOf(held)).containsExactly(12, 6, 2);
    assertThat(countsOf(training.train())).containsExactly(48, 24, 9);
    assertThat(training.digest()).isEqualTo(ALL.digest());
  }

  @Test
  void training_count_isHeldBackExactly() {
    for (int count : new int[] {1, 2, 7, 50, 100}) {
      Dataset held = images("data.validation=" + count).training(ALL).validation().orElseThrow();
      assertThat(held.size()).isEqualTo(count);
    }
  }

  @Test
  void training_bothSides_areEveryImageOnceInTheirOrder() {
    RunImages.Training training = images("data.validation=0.3").training(ALL);

    List<Integer> kept = identities(training.train());
    List<Integer> held = identities(training.validation().orElseThrow());
    assertThat(kept).isSorted();
    assertThat(held).isSorted();
    assertThat(Stream.concat(kept.stream(), held.stream()))
        .containsExactlyInAnyOrderElementsOf(identities(ALL));
  }

  @Test
  void training_equalSeeds_holdBackTheSame() {
    List<Integer> one = heldBack(images("data.validation=0.2", "seed=4"));

    assertThat(heldBack(images("data.validation=0.2", "seed=4"))).isEqualTo(one);
    assertThat(heldBack(images("data.validation=0.2", "seed=5"))).isNotEqualTo(one);
  }

  @Test
  void training_limit_comesBeforeWhatIsHeldBack() {
    RunImages.Training training =
        images("data.train-limit=40", "data.validation=0.25").training(ALL);

    assertThat(training.train().size()).isEqualTo(30);
    assertThat(training.validation().orElseThrow().size()).isEqualTo(10);
    assertThat(training.digest()).isEqualTo(ALL.head(40).digest());
  }

  @Test
  void training_nothingLeft_isRefused() {
    assertThatThrownBy(() -> images("data.validation=101").training(ALL))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("data.validation = 101.0 of 101 images leaves 101 for it and 0");
    assertThatThrownBy(() -> images("data.validation=0.001").training(ALL))
        .hasMessageContaining("leaves 0 for it");
  }

  @Test
  void training_randomCrop_keepsWholeImagesForTheSteps() {
    RunImages.Training training =
        images(
                "data.crop=4",
                "data.augment.random-crop=true",
                "data.augment.pad=0",
                "data.validation=0.1")
            .training(ALL);

    assertThat(training.train().shape()).isEqualTo(SHAPE);
    assertThat(training.augmentation().seen()).isEqualTo(new ImageShape(1, 4, 4));
    assertThat(training.validation().orElseThrow().shape()).isEqualTo(new ImageShape(1, 4, 4));
  }

  @Test
  void training_cropWithoutRandomness_isTheCentreForAll() {
    RunImages.Training training = images("data.crop=4").training(ALL);

    assertThat(training.train().shape()).isEqualTo(new ImageShape(1, 4, 4));
    assertThat(training.augmentation())
        .isEqualTo(
            new Augmentation(
                images("data.crop=4").settings().augment(),
                0,
                new ImageShape(1, 4, 4),
                new ImageShape(1, 4, 4)));
  }

  @Test
  void centreCrop_oddRest_leavesTheSmallerHalfAboveAndLeft() {
    ImageShape shape = new ImageShape(1, 3, 4);
    Dataset data =
        Dataset.of(
            "x",
            DataSplit.TEST,
            shape,
            1,
            new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11},
            new int[1]);

    assertThat(data.centreCrop(2).imageBytes(0)).containsExactly(1, 2, 5, 6);
    assertThat(data.centreCrop(3).imageBytes(0)).containsExactly(0, 1, 2, 4, 5, 6, 8, 9, 10);
  }

  @Test
  void shape_cropLargerThanTheImages_isRefused() {
    assertThatThrownBy(() -> images("data.kind=demo", "data.crop=29").shape())
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("data.crop is 29 but the images are 1x28x28");
  }

  @Test
  void test_limited_givesTheFirst() {
    RunImages limited = images("data.kind=demo", "data.test-limit=30", "data.crop=20");

    Dataset test = limited.test();

    assertThat(test.size()).isEqualTo(30);
    assertThat(test.shape()).isEqualTo(new ImageShape(1, 20, 20));
    assertThat(test.split()).isEqualTo(DataSplit.TEST);
  }

  @Test
  void test_heldBackThoughThereIsATestPart_isRefused() {
    assertThatThrownBy(() -> images("data.test=0.2").test())
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("data.test is 0.2 but the images have a test part");
  }

  @Test
  void validation_notAShareNorANumber_isRefused() {
    for (String wrong : List.of("-0.1", "1.5", "-3")) {
      assertThatThrownBy(() -> images("data.validation=" + wrong))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("data.validation is " + Double.parseDouble(wrong));
    }
  }

  private static RunImages images(String... overrides) {
    List<String> all = new ArrayList<>(List.of("data.kind=demo"));
    all.addAll(List.of(overrides));
    var settings = Settings.parse("", "test", all);
    return new RunImages(EmbeddedDigits.standard(), settings.data(), settings.seed());
  }

  private static List<Integer> heldBack(RunImages images) {
    return identities(images.training(ALL).validation().orElseThrow());
  }

  private static List<Integer> identities(Dataset data) {
    return IntStream.range(0, data.size()).map(i -> data.imageBytes(i)[0] & 0xff).boxed().toList();
  }

  private static int[] countsOf(Dataset data) {
    int[] counts = new int[3];
    IntStream.range(0, data.size()).forEach(i -> counts[data.label(i)]++);
    return counts;
  }

  private static Dataset unbalanced() {
    int[] labels = new int[101];
    Arrays.fill(labels, 60, 90, 1);
    Arrays.fill(labels, 90, 101, 2);
    byte[] pixels = new byte[labels.length * SHAPE.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / SHAPE.elements());
    }
    return Dataset.of("unbalanced", DataSplit.TRAIN, SHAPE, 3, pixels, labels);
  }
}
