package dev.merlon.model.data;

import static dev.merlon.model.data.IdxFixture.gzip;
import static dev.merlon.model.data.IdxFixture.header;
import static dev.merlon.model.data.IdxFixture.images;
import static dev.merlon.model.data.IdxFixture.join;
import static dev.merlon.model.data.IdxFixture.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistReaderTest {
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";

  @TempDir private Path directory;
  private IdxFixture files;

  @BeforeEach
  void writeSoundTrainingFiles() {
    files = new IdxFixture(directory).soundSplit("train", 3, 0, 9);
  }

  @Test
  void read_plainFiles_giveImagesAndLabels() {
    Dataset data = read(DataSplit.TRAIN);

    assertThat(data.size()).isEqualTo(3);
    assertThat(data.name()).isEqualTo("mnist");
    assertThat(data.split()).isEqualTo(DataSplit.TRAIN);
    assertThat(data.shape()).isEqualTo(new ImageShape(1, 28, 28));
    assertThat(data.classes()).isEqualTo(10);
    assertThat(data.labels(new int[] {0, 1, 2})).containsExactly(3, 0, 9);
    for (int i = 0; i < data.size(); i++) {
      byte[] pixels = data.imageBytes(i);
      for (int p = 0; p < pixels.length; p++) {
        assertThat(pixels[p] & 0xff).isEqualTo(IdxFixture.pixel(i, p));
      }
    }
  }

  @Test
  void read_testSplit_readsItsOwnFiles() {
    files.soundSplit("t10k", 7, 7);

    Dataset data = read(DataSplit.TEST);

    assertThat(data.size()).isEqualTo(2);
    assertThat(data.label(0)).isEqualTo(7);
  }

  @Test
  void read_gzipAndDottedNames_giveTheSameContent(@TempDir Path other) {
    IdxFixture compressed = new IdxFixture(other);
    compressed.write("train-images.idx3-ubyte.gz", gzip(images(3)));
    compressed.write("train-labels.idx1-ubyte", labels(3, 0, 9));

    Dataset data = new MnistReader(other).read(DataSplit.TRAIN);

    assertThat(data.digest()).isEqualTo(read(DataSplit.TRAIN).digest());
  }

  @Test
  void read_missingDirectory_saysSo() {
    Path missing = directory.resolve("nowhere");

    Failure failure = failureOf(new MnistReader(missing), DataSplit.TRAIN);

    assertThat(failure.message()).isEqualTo(missing + " does not exist");
  }

  @Test
  void read_fileInPlaceOfDirectory_saysSo() {
    Path file = directory.resolve(IMAGES);

    Failure failure = failureOf(new MnistReader(file), DataSplit.TRAIN);

    assertThat(failure.message()).isEqualTo(file + " is not a directory");
  }

  @Test
  void read_missingFile_namesDirectoryAndFile() {
    Failure failure = failureOf(new MnistReader(directory), DataSplit.TEST);

    assertThat(failure.message())
        .contains(directory.toString(), "t10k-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz");
    assertThat(failure.remedy()).isNotBlank();
  }

  @Test
  void read_truncatedImages_givesBothLengths() {
    byte[] sound = images(3);
    files.write(IMAGES, Arrays.copyOf(sound, sound.length - 1));

    assertProblem(IMAGES, "truncated", "2351", "2352");
  }

  @Test
  void read_oneTrailingByte_isRefused() {
    files.write(IMAGES, join(images(3), new byte[1]));

    assertProblem(IMAGES, "goes on after the 2352 bytes");
  }

  @Test
  void read_emptyFile_isRefused() {
    files.write(LABELS, new byte[0]);

    assertProblem(LABELS, "0 bytes");
  }

  @Test
  void read_fileEndingInsideHeader_isRefused() {
    files.write(IMAGES, Arrays.copyOf(images(3), 10));

    assertProblem(IMAGES, "ends inside its header", "10 of 16");
  }

  @Test
  void read_foreignFile_showsItsMagicNumber() {
    files.write(
        IMAGES, "\u0089PNG and so on, for long enough".getBytes(StandardCharsets.ISO_8859_1));

    assertProblem(IMAGES, "magic number 0x89504e47", "expected 2051");
  }

  @Test
  void read_labelsInPlaceOfImages_areRefused() {
    files.write(IMAGES, labels(1, 2, 3));

    assertProblem(IMAGES, "magic number 2049", "expected 2051");
  }

  @Test
  void read_imagesInPlaceOfLabels_areRefused() {
    files.write(LABELS, images(3));

    assertProblem(LABELS, "magic number 2051", "expected 2049");
  }

  @Test
  void read_labelOutOfRange_givesLabelAndPosition() {
    files.write(LABELS, labels(3, 0, 10));

    assertProblem(LABELS, "label 10", "position 2", "0..9");
  }

  @Test
  void read_labelAbove127_isNotTakenForNegative() {
    files.write(LABELS, labels(255, 0, 1));

    assertProblem(LABELS, "label 255");
  }

  @Test
  void read_countMismatch_namesBothFilesAndCounts() {
    files.write(LABELS, labels(1, 2));

    assertProblem(LABELS, "2 labels", IMAGES, "3 images");
  }

  @Test
  void read_wrongImageSize_isRefused() {
    byte[] content = new byte[32 * 32];
    files.write(IMAGES, join(header(IdxFixture.IMAGE_MAGIC, 1, 32, 32), content));

    assertProblem(IMAGES, "32x32", "28x28");
  }

  @Test
  void read_zeroImages_areRefused() {
    files.write(IMAGES, header(IdxFixture.IMAGE_MAGIC, 0, 28, 28));

    assertProblem(IMAGES, "size 0", "dimension 1");
  }

  @Test
  void read_hugeAnnouncedCount_isRefusedWithoutOverflow() {
    files.write(IMAGES, header(IdxFixture.IMAGE_MAGIC, Integer.MAX_VALUE, 28, 28));

    assertProblem(IMAGES, "more than can be held");
  }

  @Test
  void read_countAboveSignedRange_isShownUnsigned() {
    files.write(IMAGES, header(IdxFixture.IMAGE_MAGIC, -1, 28, 28));

    assertProblem(IMAGES, "size 4294967295");
  }

  @Test
  void read_gzipNameWithPlainContent_isRefused() {
    replaceByGzip(images(3));

    assertProblem(IMAGES + ".gz", "not a sound gzip file");
  }

  @Test
  void read_truncatedGzip_isRefused() {
    byte[] sound = gzip(images(3));
    replaceByGzip(Arrays.copyOf(sound, sound.length / 2));

    assertProblem(IMAGES + ".gz", "truncated");
  }

  @Test
  void read_gzipWithoutItsChecksum_isRefused() {
    byte[] sound = gzip(images(3));
    replaceByGzip(Arrays.copyOf(sound, sound.length - 4));

    assertProblem(IMAGES + ".gz", "truncated");
  }

  @Test
  void read_gzipWithWrongChecksum_isRefused() {
    byte[] damaged = gzip(images(3));
    damaged[damaged.length - 8] ^= 1;
    replaceByGzip(damaged);

    assertProblem(IMAGES + ".gz", "not a sound gzip file");
  }

  @Test
  void read_foreignBytesAfterGzip_areRefused() {
    replaceByGzip(join(gzip(images(3)), new byte[5]));
    assertProblem(IMAGES + ".gz", "5 foreign bytes");

    replaceByGzip(join(gzip(images(3)), new byte[500]));
    assertProblem(IMAGES + ".gz", "500 foreign bytes");
  }

  @Test
  void read_soundGzip_isAccepted() {
    replaceByGzip(gzip(images(3)));

    assertThat(read(DataSplit.TRAIN).size()).isEqualTo(3);
  }

  private void replaceByGzip(byte[] bytes) {
    files.delete(IMAGES);
    files.write(IMAGES + ".gz", bytes);
  }

  private Dataset read(DataSplit split) {
    return new MnistReader(directory).read(split);
  }

  private void assertProblem(String file, String... parts) {
    Failure failure = failureOf(new MnistReader(directory), DataSplit.TRAIN);
    assertThat(failure.message()).startsWith(directory.resolve(file) + " ").contains(parts);
    assertThat(failure.message()).doesNotContain("\n");
    assertThat(failure.remedy()).isNotBlank();
  }

  private static Failure failureOf(MnistReader reader, DataSplit split) {
    MerlonException thrown = catchThrowableOfType(MerlonException.class, () -> reader.read(split));
    assertThat(thrown).isNotNull();
    assertThat(thrown.failure()).isInstanceOf(Failure.Data.class);
    return thrown.failure();
  }
}
