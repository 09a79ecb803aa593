package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TinyImageNetReaderTest {
  private static final int SIDE = 64;
  private static final TinyImageNetReader.Counts SMALL = new TinyImageNetReader.Counts(2, 2, 3);

  @TempDir private Path directory;
  @TempDir private Path caches;

  @BeforeEach
  void writeSoundFiles() throws IOException {
    text("wnids.txt", "n02\nn01\n");
    for (String name : List.of("n01", "n02")) {
      for (int i = 0; i < 2; i++) {
        image("train/" + name + "/images/" + name + "_" + i + ".JPEG", 40 * i);
      }
      text("train/" + name + "/" + name + "_boxes.txt", "left alone");
    }
    for (int i = 0; i < 3; i++) {
      image("val/images/val_" + i + ".JPEG", 200 + i);
    }
    text(
        "val/val_annotations.txt",
        "val_0.JPEG\tn02\t0\t0\t3\t3\nval_1.JPEG\tn01\t0\t0\t3\t3\nval_2.JPEG\tn02\t1\t1\t2\t2\n");
  }

  @Test
  void read_train_hasSortedClassesInTurn() {
    Dataset train = reader().read(DataSplit.TRAIN);

    assertThat(train.shape()).isEqualTo(new ImageShape(3, SIDE, SIDE));
    assertThat(train.labels(new int[] {0, 1, 2, 3})).containsExactly(0, 1, 0, 1);
    assertThat(IntStream.range(0, 4).map(i -> train.imageBytes(i)[0] & 0xff))
        .containsExactly(0, 0, 40, 40);
  }

  @Test
  void read_test_takesTheAnnotatedValidationImages() {
    Dataset test = reader().read(DataSplit.TEST);

    assertThat(test.labels(new int[] {0, 1, 2})).containsExactly(1, 0, 1);
    assertThat(test.imageBytes(1)[0] & 0xff).isBetween(199, 203);
  }

  @Test
  void read_missingImage_namesItsClass() throws IOException {
    Files.delete(directory.resolve("train/n01/images/n01_1.JPEG"));

    assertThat(problem(DataSplit.TRAIN))
        .isEqualTo(directory.resolve("train/n01/images") + " has 1 images, expected 2");
  }

  @Test
  void read_missingAnnotatedImage_isNamed() throws IOException {
    Files.delete(directory.resolve("val/images/val_2.JPEG"));

    assertThat(problem(DataSplit.TEST))
        .startsWith(directory.resolve("val/images/val_2.JPEG") + " cannot be read");
  }

  @Test
  void read_annotationOfAnUnknownClass_givesTheLine() throws IOException {
    text("val/val_annotations.txt", "val_0.JPEG\tn02\nval_1.JPEG\tn09\nval_2.JPEG\tn02\n");

    assertThat(problem(DataSplit.TEST))
        .isEqualTo(
            directory.resolve("val/val_annotations.txt")
                + " has a line 2 that does not give an image and one of the 2 classes");
  }

  @Test
  void read_truncatedAnnotations_giveBothCounts() throws IOException {
    text("val/val_annotations.txt", "val_0.JPEG\tn02\n");

    assertThat(problem(DataSplit.TEST)).endsWith("val_annotations.txt has 1 lines, expected 3");
  }

  @Test
  void read_wrongNumberOfClasses_isRefused() throws IOException {
    text("wnids.txt", "n01\n");

    assertThat(problem(DataSplit.TRAIN)).endsWith("wnids.txt has 1 classes, expected 2");
  }

  @Test
  void read_anotherSize_isRefused() {
    PictureFixture.write(
        directory.resolve("train/n02/images/n02_0.JPEG"), PictureFixture.coloured(1, 32, 64));

    assertThat(problem(DataSplit.TRAIN)).contains("n02_0.JPEG has 32x64 pixels").contains("64x64");
  }

  @Test
  void read_otherDirectories_areRefused() throws IOException {
    Files.delete(directory.resolve("wnids.txt"));
    assertThat(problem(DataSplit.TRAIN)).contains("wnids.txt cannot be read");
    Files.write(directory.resolve("wnids.txt"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThat(problem(DataSplit.TRAIN)).endsWith("wnids.txt is no text file");
  }

  private void text(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** A grey image of one value, so that JPEG keeps it. */
  private void image(String name, int value) {
    var image = PictureFixture.grey(0, SIDE, SIDE);
    for (int i = 0; i < SIDE * SIDE; i++) {
      image.getRaster().setSample(i % SIDE, i / SIDE, 0, value);
    }
    PictureFixture.write(directory.resolve(name), image);
  }

  private TinyImageNetReader reader() {
    return new TinyImageNetReader(directory, new ImageCache(caches, notice -> {}), SMALL);
  }

  private String problem(DataSplit split) {
    MerlonException thrown =
        catchThrowableOfType(MerlonException.class, () -> reader().read(split));
    assertThat(thrown).isNotNull();
    assertThat(thrown.failure()).isInstanceOf(Failure.Data.class);
    return thrown.failure().message();
  }
}
