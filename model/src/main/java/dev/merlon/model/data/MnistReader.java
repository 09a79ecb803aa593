package dev.merlon.model.data;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.MerlonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * MNIST from a directory with the four IDX files under their usual names: {@code
 * train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code t10k-images-idx3-ubyte}, {@code
 * t10k-labels-idx1-ubyte}, or with a dot before {@code idx}, each plain or with {@code .gz}. Where
 * several spellings of one file exist the first of plain, dotted, gzip, dotted gzip is read. Files
 * are checked for magic number, exact length, 28x28 images, equal counts and labels 0..9.
 *
 * @param directory where the files lie
 */
public record MnistReader(Path directory) implements DatasetSource {
  private static final ImageShape SHAPE = new ImageShape(1, 28, 28);
  private static final int CLASSES = 10;

  @Override
  public DataKind kind() {
    return DataKind.MNIST;
  }

  @Override
  public ImageShape shape() {
    return SHAPE;
  }

  @Override
  public int classes() {
    return CLASSES;
  }

  @Override
  public Dataset read(DataSplit split) {
    String prefix =
        switch (split) {
          case TRAIN -> "train";
          case TEST -> "t10k";
          case VALIDATION -> throw absent(split);
        };
    Path imagePath = locate(prefix + "-images", "idx3-ubyte");
    Path labelPath = locate(prefix + "-labels", "idx1-ubyte");
    IdxFile images = IdxFile.read(imagePath, 3);
    requireImageSize(images);
    IdxFile labels = IdxFile.read(labelPath, 1);
    requireEqualCounts(images, labels);
    return Dataset.of(kind().word(), split, SHAPE, CLASSES, images.content(), labelsOf(labels));
  }

  private Path locate(String stem, String format) {
    if (!Files.isDirectory(directory)) {
      throw MerlonException.data(
          directory + (Files.exists(directory) ? " is not a directory" : " does not exist"),
          "name the directory that holds the MNIST files");
    }
    String plain = stem + "-" + format;
    String dotted = stem + "." + format;
    Optional<Path> found =
        List.of(plain, dotted, plain + ".gz", dotted + ".gz").stream()
            .map(directory::resolve)
            .filter(Files::isRegularFile)
            .findFirst();
    return found.orElseThrow(
        () ->
            MerlonException.data(
                directory + " has no file " + plain + " or " + plain + ".gz",
                "name the directory that holds the four MNIST files"));
  }

  private static void requireImageSize(IdxFile images) {
    int height = images.size(1);
    int width = images.size(2);
    if (height != SHAPE.height() || width != SHAPE.width()) {
      throw IdxFile.damaged(
          images.path(), "holds images of " + height + "x" + width + ", expected 28x28");
    }
  }

  private static void requireEqualCounts(IdxFile images, IdxFile labels) {
    int imageCount = images.count();
    int labelCount = labels.count();
    if (imageCount != labelCount) {
      throw IdxFile.damaged(
          labels.path(),
          "holds "
              + labelCount
              + " labels, but "
              + images.path().getFileName()
              + " holds "
              + imageCount
              + " images");
    }
  }

  private static int[] labelsOf(IdxFile file) {
    byte[] content = file.content();
    int[] labels = new int[content.length];
    for (int i = 0; i < content.length; i++) {
      labels[i] = content[i] & 0xff;
      if (labels[i] >= CLASSES) {
        throw IdxFile.damaged(
            file.path(), "has label " + labels[i] + " at position " + i + ", expected 0..9");
      }
    }
    return labels;
  }
}
