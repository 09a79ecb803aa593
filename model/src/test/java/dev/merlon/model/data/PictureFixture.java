package dev.merlon.model.data;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Writes little image files, sound ones, into a test's directory. */
final class PictureFixture {
  private PictureFixture() {}

  /** A coloured image whose values follow from {@code number}; see {@link #value}. */
  static BufferedImage coloured(int number, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        image.setRGB(
            column,
            row,
            new Color(
                    value(number, 0, row, column),
                    value(number, 1, row, column),
                    value(number, 2, row, column))
                .getRGB());
      }
    }
    return image;
  }

  /** A grey image whose stored values follow from {@code number}. */
  static BufferedImage grey(int number, int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    WritableRaster raster = image.getRaster();
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        raster.setSample(column, row, 0, value(number, 0, row, column));
      }
    }
    return image;
  }

  /** The value of one channel of one pixel. */
  static int value(int number, int channel, int row, int column) {
    return (31 * number + 70 * channel + 17 * row + 5 * column) % 256;
  }

  /** What a decoder must give for {@link #coloured}. */
  static byte[] planes(int number, int channels, int height, int width) {
    byte[] planes = new byte[channels * height * width];
    int at = 0;
    for (int channel = 0; channel < channels; channel++) {
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          planes[at++] = (byte) value(number, channel, row, column);
        }
      }
    }
    return planes;
  }

  /** Writes an image; its ending names the format. */
  static Path write(Path file, BufferedImage image) {
    String name = file.getFileName().toString();
    String format = name.substring(name.lastIndexOf('.') + 1);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (!ImageIO.write(image, format.equalsIgnoreCase("jpeg") ? "jpg" : format, file.toFile())) {
        throw new IllegalArgumentException("no writer for " + file);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
