package dev.merlon.model.data;

import dev.merlon.config.failure.MerlonException;
import java.nio.file.Path;
import java.util.function.Predicate;

/** One image file as a data set of one image. */
public final class OnePicture {
  private static final int COLOURS = 3;

  private OnePicture() {}

  /**
   * Decodes a PNG, JPEG or BMP file. A grey picture gets three equal channels where only such a
   * shape is taken.
   *
   * @param label its class
   * @param classes number of classes, above the label
   * @param taken which shapes somebody can work on
   * @throws MerlonException (data) that names the file and what is wrong with it
   */
  public static Dataset read(Path file, int label, int classes, Predicate<ImageShape> taken) {
    Picture picture = PictureFile.decode(file);
    int channels = picture.grey() ? 1 : COLOURS;
    ImageShape own = new ImageShape(channels, picture.height(), picture.width());
    ImageShape coloured = new ImageShape(COLOURS, picture.height(), picture.width());
    boolean repeated = picture.grey() && !taken.test(own) && taken.test(coloured);
    ImageShape shape = repeated ? coloured : own;
    String name = String.valueOf(file.getFileName());
    byte[] pixels = picture.channels(shape.channels());
    return Dataset.of(name, DataSplit.TEST, shape, classes, pixels, new int[] {label});
  }
}
