package dev.merlon.model.data;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.MerlonException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * CIFAR-10 and CIFAR-100 in their binary versions: files of records without a header, each record
 * the label bytes and then 32x32 red, green and blue values. CIFAR-10 has {@code data_batch_1.bin}
 * to {@code data_batch_5.bin} and {@code test_batch.bin}; CIFAR-100 has {@code train.bin} and
 * {@code test.bin}, with a coarse label (0..19, checked and left out) before the fine one. The
 * format has no magic number, so files are known by their exact length, and every label is checked.
 */
public final class CifarReader implements DatasetSource {
  private static final ImageShape SHAPE = new ImageShape(3, 32, 32);
  private static final int COARSE_CLASSES = 20;

  private final Path directory;
  private final CifarLayout layout;

  CifarReader(Path directory, CifarLayout layout) {
    this.directory = directory;
    this.layout = layout;
  }

  /** CIFAR-10 in the directory that holds its six files. */
  public static CifarReader cifar10(Path directory) {
    return new CifarReader(directory, CifarLayout.CIFAR10);
  }

  /** CIFAR-100 in the directory that holds its two files. */
  public static CifarReader cifar100(Path directory) {
    return new CifarReader(directory, CifarLayout.CIFAR100);
  }

  @Override
  public DataKind kind() {
    return layout.kind();
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
  }

  @Override
  public int classes() {
    return layout.classes();
  }

  @Override
  public Dataset read(DataSplit split) {
    return switch (split) {
      case TRAIN -> read(split, layout.train(), layout.trainRecords());
      case TEST -> read(split, List.of(layout.test()), layout.testRecords());
      case VALIDATION -> throw absent(split);
    };
  }

  private Dataset read(DataSplit split, List<String> files, int records) {
    requireDirectory();
    int total = files.size() * records;
    byte[] pixels = new byte[total * SHAPE.elements()];
    int[] labels = new int[total];
    for (int i = 0; i < files.size(); i++) {
      Path file = directory.resolve(files.get(i));
      readRecords(file, records, pixels, labels, i * records);
    }
    return Dataset.over(kind().word(), split, SHAPE, classes(), ByteBuffer.wrap(pixels), labels);
  }

  private void readRecords(Path file, int records, byte[] pixels, int[] labels, int first) {
    requireLength(file, records);
    byte[] label = new byte[layout.labelBytes()];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (int i = 0; i < records; i++) {
        int at = (first + i) * SHAPE.elements();
        int read =
            in.readNBytes(label, 0, label.length) + in.readNBytes(pixels, at, SHAPE.elements());
        if (read < recordBytes()) {
          throw FileProblem.of(file, "became shorter while it was read");
        }
        labels[first + i] = labelOf(file, i, label);
      }
    } catch (IOException unreadable) {
      throw FileProblem.unreadable(file, unreadable);
    }
  }

  private int labelOf(Path file, int record, byte[] bytes) {
    int fine = bytes[bytes.length - 1] & 0xff;
    requireLabel(file, record, "label", fine, layout.classes());
    if (bytes.length > 1) {
      requireLabel(file, record, "coarse label", bytes[0] & 0xff, COARSE_CLASSES);
    }
    return fine;
  }

  private static void requireLabel(Path file, int record, String what, int label, int classes) {
    if (label >= classes) {
      throw FileProblem.of(
          file,
          String.format(
              Locale.ROOT,
              "has %s %d in record %d, expected 0..%d",
              what,
              label,
              record,
              classes - 1));
    }
  }

  private void requireLength(Path file, int records) {
    if (!Files.isRegularFile(file)) {
      throw MerlonException.data(
          directory + " has no file " + file.getFileName(),
          "Name the directory with the files of the binary version of "
              + layout.title()
              + ": "
              + String.join(", ", layout.train())
              + " and "
              + layout.test()
              + ".");
    }
    long expected = (long) records * recordBytes();
    long length = length(file);
    if (length != expected) {
      throw FileProblem.of(
          file,
          String.format(
              Locale.ROOT,
              "has %d bytes, expected %d: %d records of %d bytes%s",
              length,
              expected,
              records,
              recordBytes(),
              length < expected ? "; it is truncated" : ""));
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException unreadable) {
      throw FileProblem.unreadable(file, unreadable);
    }
  }

  private int recordBytes() {
    return layout.labelBytes() + SHAPE.elements();
  }

  private void requireDirectory() {
    if (!Files.isDirectory(directory)) {
      throw FileProblem.noDirectory(directory, layout.title());
    }
  }
}
