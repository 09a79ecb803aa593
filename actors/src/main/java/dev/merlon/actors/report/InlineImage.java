package dev.merlon.actors.report;

import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.ImageShape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** A test image as part of a page. */
final class InlineImage {
  private InlineImage() {}

  /** The image as the source of an {@code img} element. */
  static String of(Dataset images, int index) {
    ImageShape shape = images.shape();
    byte[] pixels = images.imageBytes(index);
    int plane = shape.height() * shape.width();
    var picture = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < plane; i++) {
      int red = pixels[i] & 0xff;
      int green = shape.channels() == 3 ? pixels[plane + i] & 0xff : red;
      int blue = shape.channels() == 3 ? pixels[2 * plane + i] & 0xff : red;
      picture.setRGB(i % shape.width(), i / shape.width(), red << 16 | green << 8 | blue);
    }
    var png = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", png);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }
}
