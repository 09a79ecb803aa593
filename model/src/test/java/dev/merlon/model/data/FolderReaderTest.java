package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.merlon.config.Settings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderReaderTest {
  private static final int HEIGHT = 4;
  private static final int WIDTH = 6;

  @TempDir private Path directory;
  @TempDir private Path caches;
  private final List<String> notices = new ArrayList<>();

  @Test
  void read_trainAndTestFolders_haveSortedClassesTakenInTurn() {
    colours("train/cat/b.png", 1);
    colours("train/cat/a.png", 2);
    colours("train/cat/c.png", 3);
    colours("train/ant/x.png", 4);
    colours("test/cat/a.png", 5);

    Dataset train = reader().read(DataSplit.TRAIN);
    Dataset test = reader().read(DataSplit.TEST);

    assertThat(train.shape()).isEqualTo(new ImageShape(3, HEIGHT, WIDTH));
    assertThat(train.classes()).isEqualTo(2);
    assertThat(labels(train)).containsExactly(0, 1, 1, 1);
    assertThat(numbers(train, 4, 2, 1, 3)).isTrue();
    assertThat(labels(test)).containsExactly(1);
    assertThat(test.classes()).isEqualTo(2);
    assertThat(reader().parts()).containsExactlyInAnyOrder(DataSplit.TRAIN, DataSplit.TEST);
  }

  @Test
  void read_valBesideTest_isTheValidationPart() {
    for (String part : List.of("train", "val", "test")) {
      colours(part + "/a/1.png", part.length());
      colours(part + "/b/1.png", 9);
    }

    assertThat(reader().parts()).hasSize(3);
    assertThat(numbers(reader().read(DataSplit.VALIDATION), 3, 9)).isTrue();
    assertThat(images().training().validation()).isPresent();
    assertThatThrownBy(() -> images("data.validation=0.5").training())
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("data.validation is 0.5 but the images have a validation part");
  }

  @Test
  void training_ownValidationPart_isInTheDigest() {
    for (String part : List.of("train", "test", "val")) {
      colours(part + "/a/1.png", part.length());
      colours(part + "/b/1.png", 9);
    }
    String digest = images().training().digest();
    assertThat(images().training().digest()).isEqualTo(digest);

    colours("val/a/2.png", 77);

    assertThat(images().training().digest()).isNotEqualTo(digest);
  }

  @Test
  void read_valAlone_isTheTestPart() {
    for (String part : List.of("train", "val")) {
      colours(part + "/a/1.png", part.length());
      colours(part + "/b/1.png", 9);
    }

    assertThat(numbers(reader().read(DataSplit.TEST), 3, 9)).isTrue();
  }

  @Test
  void test_classFoldersAlone_areCutByTheShare() {
    for (int i = 0; i < 10; i++) {
      colours("a/" + i + ".png", i);
      colours("b/" + i + ".png", 20 + i);
    }

    RunImages images = images("data.test=0.2", "data.validation=2");

    assertThat(images.test().size()).isEqualTo(4);
    assertThat(images.training().train().size()).isEqualTo(14);
    assertThat(images.training().validation().orElseThrow().size()).isEqualTo(2);
    assertThat(problem(() -> images().test())).isEqualTo("folder has no test part of its own");
    assertThat(problem(() -> images().training())).contains("no test part");
  }

  @Test
  void read_greyImages_haveOneChannel() {
    grey("train/a/1.png", 1);
    grey("train/b/1.png", 2);
    grey("test/a/1.png", 3);

    assertThat(reader().shape()).isEqualTo(new ImageShape(1, HEIGHT, WIDTH));
    assertThat(reader().read(DataSplit.TEST).imageBytes(0))
        .containsExactly(PictureFixture.planes(3, 1, HEIGHT, WIDTH));
  }

  @Test
  void read_someGreyImages_getThreeEqualChannels() {
    grey("train/a/1.png", 1);
    colours("train/b/1.png", 2);
    grey("test/a/1.png", 3);

    Dataset train = reader().read(DataSplit.TRAIN);

    assertThat(train.shape().channels()).isEqualTo(3);
    byte[] plane = PictureFixture.planes(1, 1, HEIGHT, WIDTH);
    assertThat(train.imageBytes(0)).startsWith(plane).endsWith(plane).hasSize(3 * plane.length);
    assertThat(reader().read(DataSplit.TEST).shape().channels()).isEqualTo(3);
  }

  @Test
  void read_colouredTestOfGreyTraining_isRefused() {
    grey("train/a/1.png", 1);
    grey("train/b/1.png", 2);
    colours("test/a/1.png", 3);

    assertThat(problem(() -> reader().read(DataSplit.TEST)))
        .isEqualTo(path("test/a/1.png") + " is coloured, but the training images are grey");
  }

  @Test
  void read_anotherSize_namesFileAndSizes() {
    colours("a/1.png", 1);
    PictureFixture.write(path("b/1.png"), PictureFixture.coloured(1, HEIGHT + 1, WIDTH));

    assertThat(problem(() -> reader().read(DataSplit.TRAIN)))
        .isEqualTo(
            path("b/1.png")
                + " has 5x6 pixels (height x width), expected 4x6 as "
                + path("a/1.png"));
    assertThat(caches).isEmptyDirectory();
  }

  @Test
  void read_damagedImage_isNamedAndLeavesNoCache() throws IOException {
    colours("a/1.png", 1);
    colours("b/1.png", 2);
    byte[] bytes = Files.readAllBytes(path("b/1.png"));
    Files.write(path("b/1.png"), Arrays.copyOf(bytes, bytes.length - 20));

    assertThat(problem(() -> reader().read(DataSplit.TRAIN)))
        .startsWith(path("b/1.png") + " is damaged or truncated");
    assertThat(caches).isEmptyDirectory();
  }

  @Test
  void read_foreignThings_areNamed() throws IOException {
    colours("a/1.png", 1);
    colours("b/1.png", 2);
    Files.writeString(path("a/.hidden"), "left out");
    assertThat(reader().read(DataSplit.TRAIN).size()).isEqualTo(2);

    Files.writeString(path("a/notes.txt"), "x");
    assertThat(problem(() -> reader().read(DataSplit.TRAIN)))
        .startsWith(path("a/notes.txt") + " is not named as an image");
    Files.delete(path("a/notes.txt"));

    Files.createDirectory(path("a/more"));
    assertThat(problem(() -> reader().read(DataSplit.TRAIN)))
        .startsWith(path("a/more") + " is a folder where only images are expected");
    Files.delete(path("a/more"));

    Files.createDirectory(path("c"));
    assertThat(problem(() -> reader().read(DataSplit.TRAIN)))
        .isEqualTo(path("c") + " has no images");
    Files.delete(path("c"));

    Files.writeString(path("README"), "x");
    assertThat(problem(() -> reader().read(DataSplit.TRAIN)))
        .isEqualTo(path("README") + " is a file where only class folders are expected");
  }

  @Test
  void read_noDirectoryOrTooFewClasses_isRefused() {
    assertThat(problem(() -> new FolderReader(path("no"), cache()).read(DataSplit.TRAIN)))
        .isEqualTo(path("no") + " does not exist");
    colours("only/1.png", 1);
    assertThat(problem(() -> reader().read(DataSplit.TRAIN)))
        .isEqualTo(directory + " has 1 class folders, expected at least 2");
  }

  @Test
  void read_trainWithoutTest_isRefused() {
    colours("train/a/1.png", 1);

    assertThat(problem(() -> reader().parts()))
        .isEqualTo(directory + " has a folder train but neither test nor val");
  }

  @Test
  void read_classOnlyInTest_isRefused() {
    colours("train/a/1.png", 1);
    colours("train/b/1.png", 1);
    colours("test/a/1.png", 1);
    colours("test/z/1.png", 1);

    assertThat(problem(() -> reader().read(DataSplit.TEST)))
        .isEqualTo(path("test/z") + " is no class of the training images");
  }

  @Test
  void read_secondTime_comesFromTheCache() throws IOException {
    colours("a/1.png", 1);
    colours("b/1.png", 2);
    Dataset first = reader().read(DataSplit.TRAIN);
    Path file = onlyCache();
    FileTime written = Files.getLastModifiedTime(file);

    Dataset second = reader().read(DataSplit.TRAIN);

    assertThat(second.digest()).isEqualTo(first.digest());
    assertThat(numbers(second, 1, 2)).isTrue();
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0)).contains("Decoding 2 images", file.toString());
  }

  @Test
  void read_changedImage_isDecodedAnew() {
    colours("a/1.png", 1);
    colours("b/1.png", 2);
    reader().read(DataSplit.TRAIN);
    Path changed = colours("b/1.png", 3);
    assertThat(changed.toFile().setLastModified(1_000_000)).isTrue();

    assertThat(numbers(reader().read(DataSplit.TRAIN), 1, 3)).isTrue();
  }

  @Test
  void read_damagedCache_isNoticedAndMended() throws IOException {
    colours("a/1.png", 1);
    colours("b/1.png", 2);
    reader().read(DataSplit.TRAIN);
    Path file = onlyCache();
    byte[] sound = Files.readAllBytes(file);
    for (int at : new int[] {0, 9, 14, 40, 66, sound.length - 1}) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      notices.clear();

      assertThat(numbers(reader().read(DataSplit.TRAIN), 1, 2)).isTrue();
      assertThat(notices).as("byte " + at).hasSize(2);
      assertThat(notices.get(0)).startsWith(file + " has ").endsWith("decoded anew");
      assertThat(Files.readAllBytes(file)).isEqualTo(sound);
    }
    Files.write(file, Arrays.copyOf(sound, 20));
    assertThat(numbers(reader().read(DataSplit.TRAIN), 1, 2)).isTrue();
  }

  @Test
  void read_cacheThatCannotBeWritten_saysWhatToSet() throws IOException {
    colours("a/1.png", 1);
    colours("b/1.png", 2);
    Path file = Files.createFile(caches.resolve("in the way"));

    MerlonException thrown =
        catchThrowableOfType(
            MerlonException.class,
            () ->
                new FolderReader(directory, new ImageCache(file.resolve("c"), notice -> {}))
                    .read(DataSplit.TRAIN));

    assertThat(thrown.failure().message()).contains("cannot be written", file.toString());
    assertThat(thrown.failure().remedy()).contains("merlon.data.cache");
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private Path colours(String name, int number) {
    return write(name, PictureFixture.coloured(number, HEIGHT, WIDTH));
  }

  private Path grey(String name, int number) {
    return write(name, PictureFixture.grey(number, HEIGHT, WIDTH));
  }

  private Path write(String name, BufferedImage image) {
    return PictureFixture.write(path(name), image);
  }

  private ImageCache cache() {
    return new ImageCache(caches, notices::add);
  }

  private FolderReader reader() {
    return new FolderReader(directory, cache());
  }

  private RunImages images(String... overrides) {
    var settings = Settings.parse("data.kind = folder", "test", List.of(overrides));
    return new RunImages(reader(), settings.data(), settings.seed());
  }

  private Path onlyCache() throws IOException {
    try (Stream<Path> files = Files.list(caches)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }

  private static int[] labels(Dataset data) {
    return data.labels(IntStream.range(0, data.size()).toArray());
  }

  /** Whether the data set has exactly these coloured pictures in this order. */
  private static boolean numbers(Dataset data, int... numbers) {
    return data.size() == numbers.length
        && IntStream.range(0, numbers.length)
            .allMatch(
                i ->
                    Arrays.equals(
                        data.imageBytes(i), PictureFixture.planes(numbers[i], 3, HEIGHT, WIDTH)));
  }

  private static String problem(ThrowingCallable call) {
    MerlonException thrown = catchThrowableOfType(MerlonException.class, call);
    assertThat(thrown).isNotNull();
    assertThat(thrown.failure()).isInstanceOf(Failure.Data.class);
    return thrown.failure().message();
  }
}
