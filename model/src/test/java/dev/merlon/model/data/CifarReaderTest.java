package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarReaderTest {
  private static final int RECORDS = 4;
  private static final int PIXELS = 3 * 32 * 32;

  @TempDir private Path directory;
  private CifarReader ten;
  private CifarReader hundred;

  @BeforeEach
  void writeSoundFiles() throws IOException {
    CifarLayout small = CifarLayout.CIFAR10.withRecords(RECORDS);
    for (int i = 0; i < small.train().size(); i++) {
      write(small.train().get(i), records(1, i));
    }
    write(small.test(), records(1, 9));
    write("train.bin", records(2, 20));
    write("test.bin", records(2, 30));
    ten = new CifarReader(directory, small);
    hundred = new CifarReader(directory, CifarLayout.CIFAR100.withRecords(RECORDS));
  }

  @Test
  void read_cifar10_joinsTheFiveFilesInOrder() {
    Dataset data = ten.read(DataSplit.TRAIN);

    assertThat(data.size()).isEqualTo(5 * RECORDS);
    assertThat(data.name()).isEqualTo("cifar10");
    assertThat(data.shape()).isEqualTo(new ImageShape(3, 32, 32));
    assertThat(data.classes()).isEqualTo(10);
    for (int i = 0; i < data.size(); i++) {
      assertThat(data.label(i)).isEqualTo(label(i / RECORDS, i % RECORDS, 10));
      assertThat(data.imageBytes(i)).containsExactly(pixels(i / RECORDS, i % RECORDS));
    }
  }

  @Test
  void read_cifar100_usesTheFineLabel() {
    Dataset data = hundred.read(DataSplit.TEST);

    assertThat(data.classes()).isEqualTo(100);
    assertThat(data.size()).isEqualTo(RECORDS);
    assertThat(data.label(3)).isEqualTo(label(30, 3, 100));
    assertThat(data.imageBytes(3)).containsExactly(pixels(30, 3));
  }

  @Test
  void open_canonicalKinds_expectThePublishedCounts() {
    assertThat(CifarLayout.CIFAR10.trainRecords() * CifarLayout.CIFAR10.train().size())
        .isEqualTo(50_000);
    assertThat(CifarLayout.CIFAR100.trainRecords()).isEqualTo(50_000);
    assertThat(problem(CifarReader.cifar10(directory), DataSplit.TEST))
        .contains("has 12292 bytes, expected 30730000: 10000 records of 3073 bytes");
    assertThat(problem(CifarReader.cifar100(directory), DataSplit.TRAIN))
        .contains("expected 153700000: 50000 records of 3074 bytes");
  }

  @Test
  void read_truncatedFile_isNamedWithBothLengths() throws IOException {
    Path file = directory.resolve("data_batch_3.bin");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), RECORDS * 3073 - 1));

    assertThat(problem(ten, DataSplit.TRAIN))
        .startsWith(file + " has 12291 bytes, expected 12292")
        .contains("truncated");
  }

  @Test
  void read_wholeRecordsMissing_isNoticed() throws IOException {
    Path file = directory.resolve("test.bin");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 3 * 3074));

    assertThat(problem(hundred, DataSplit.TEST)).startsWith(file + " has 9222 bytes");
  }

  @Test
  void read_longerFile_isRefused() throws IOException {
    Path file = directory.resolve("test_batch.bin");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), RECORDS * 3073 + 1));

    assertThat(problem(ten, DataSplit.TEST)).contains("12293 bytes").doesNotContain("truncated");
  }

  @Test
  void read_labelOutOfRange_givesRecordAndRange() throws IOException {
    byte[] content = records(1, 9);
    content[2 * 3073] = 10;
    write("test_batch.bin", content);

    assertThat(problem(ten, DataSplit.TEST))
        .isEqualTo(
            directory.resolve("test_batch.bin") + " has label 10 in record 2, expected 0..9");
  }

  @Test
  void read_coarseLabelOutOfRange_givesRecordAndRange() throws IOException {
    byte[] content = records(2, 30);
    content[3074] = (byte) 200;
    write("test.bin", content);

    assertThat(problem(hundred, DataSplit.TEST))
        .contains("has coarse label 200 in record 1, expected 0..19");
  }

  @Test
  void read_missingFile_saysWhatIsMissing() throws IOException {
    Files.delete(directory.resolve("data_batch_5.bin"));

    MerlonException thrown = failure(ten, DataSplit.TRAIN);

    assertThat(thrown.failure().message()).isEqualTo(directory + " has no file data_batch_5.bin");
    assertThat(thrown.failure().remedy()).contains("binary version of CIFAR-10", "test_batch.bin");
  }

  @Test
  void read_missingDirectory_saysSo() {
    Path missing = directory.resolve("nowhere");

    assertThat(problem(CifarReader.cifar10(missing), DataSplit.TRAIN))
        .isEqualTo(missing + " does not exist");
  }

  @Test
  void read_validation_isNoPartOfIts() {
    assertThat(problem(ten, DataSplit.VALIDATION))
        .isEqualTo("cifar10 has no validation part of its own");
  }

  @Test
  void kind_both_nameThemselves() {
    assertThat(ten.kind()).isEqualTo(DataKind.CIFAR10);
    assertThat(hundred.kind()).isEqualTo(DataKind.CIFAR100);
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(directory.resolve(name), bytes);
  }

  private static byte[] records(int labelBytes, int file) {
    byte[] content = new byte[RECORDS * (labelBytes + PIXELS)];
    for (int record = 0; record < RECORDS; record++) {
      int at = record * (labelBytes + PIXELS);
      content[at] = (byte) (record % 20);
      content[at + labelBytes - 1] = (byte) label(file, record, labelBytes == 1 ? 10 : 100);
      System.arraycopy(pixels(file, record), 0, content, at + labelBytes, PIXELS);
    }
    return content;
  }

  private static int label(int file, int record, int classes) {
    return (7 * file + 3 * record) % classes;
  }

  private static byte[] pixels(int file, int record) {
    byte[] pixels = new byte[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      pixels[i] = (byte) (31 * file + 11 * record + i);
    }
    return pixels;
  }

  private static String problem(CifarReader reader, DataSplit split) {
    return failure(reader, split).failure().message();
  }

  private static MerlonException failure(CifarReader reader, DataSplit split) {
    MerlonException thrown = catchThrowableOfType(MerlonException.class, () -> reader.read(split));
    assertThat(thrown).isNotNull();
    assertThat(thrown.failure()).isInstanceOf(Failure.Data.class);
    assertThat(thrown.failure().message()).doesNotContain("\n");
    return thrown;
  }
}
