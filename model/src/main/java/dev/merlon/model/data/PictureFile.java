package dev.merlon.model.data;

import dev.merlon.config.failure.FirstLine;
import dev.merlon.config.failure.MerlonException;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes one PNG, JPEG or BMP file by the Java platform's own readers. Values are those stored: no
 * colour management, no change of gamma, no rotation. What is not 8-bit grey or RGB without
 * transparency is refused, and so is a file that the decoder had to mend.
 */
final class PictureFile {
  /** Endings of names, in lower case. */
  static final Set<String> ENDINGS = Set.of(".png", ".jpg", ".jpeg", ".bmp");

  private static final Set<String> FORMATS = Set.of("png", "jpeg", "bmp");
  private static final int OPAQUE = 255;

  /** Words of the decoders' warnings about files that are cut off or broken. */
  private static final List<String> MENDED = List.of("premature", "corrupt", "truncated");

  private final Path file;

  private PictureFile(Path file) {
    this.file = file;
  }

  /**
   * Decodes a file.
   *
   * @throws MerlonException (data) that names the file and what was expected
   */
  static Picture decode(Path file) {
    return new PictureFile(file).decode();
  }

  /** Whether a file's name says that it is an image. */
  static boolean named(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  private Picture decode() {
    byte[] bytes = bytes();
    PngChunks.problem(bytes).ifPresent(this::refuseDamaged);
    try (ImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader = reader(stream);
      try {
        reader.setInput(stream, true, true);
        reader.addIIOReadWarningListener((source, warning) -> refuseMended(warning));
        return picture(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (EOFException truncated) {
      throw damaged("it ends too early");
    } catch (IOException undecodable) {
      throw damaged(FirstLine.of(undecodable));
    }
  }

  private byte[] bytes() {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw FileProblem.unreadable(file, unreadable);
    }
  }

  private ImageReader reader(ImageInputStream stream) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
        return reader;
      }
      reader.dispose();
    }
    throw refused("is no PNG, JPEG or BMP image, whatever its name says");
  }

  private Picture picture(BufferedImage image) {
    ColorModel colours = image.getColorModel();
    return colours instanceof IndexColorModel palette
        ? indexed(image.getRaster(), palette)
        : direct(image.getRaster(), colours);
  }

  private Picture direct(Raster raster, ColorModel colours) {
    int bits = IntStream.of(raster.getSampleModel().getSampleSize()).max().orElse(0);
    if (bits != Byte.SIZE) {
      throw refused("has " + bits + " bits a value, expected 8");
    }
    int channels = colours.getNumColorComponents();
    if (channels != 1 && channels != 3) {
      throw refused("has " + channels + " colour channels (CMYK?), expected grey or RGB");
    }
    if (colours.hasAlpha()) {
      requireOpaque(raster, channels);
    }
    int area = raster.getWidth() * raster.getHeight();
    byte[] planes = new byte[channels * area];
    for (int channel = 0; channel < channels; channel++) {
      int[] samples = samples(raster, channel);
      for (int i = 0; i < area; i++) {
        planes[channel * area + i] = (byte) samples[i];
      }
    }
    return new Picture(raster.getHeight(), raster.getWidth(), channels == 1, planes);
  }

  private void requireOpaque(Raster raster, int alpha) {
    if (IntStream.of(samples(raster, alpha)).anyMatch(value -> value != OPAQUE)) {
      throw transparent();
    }
  }

  private Picture indexed(Raster raster, IndexColorModel palette) {
    int[] numbers = samples(raster, 0);
    if (IntStream.of(numbers).anyMatch(number -> palette.getAlpha(number) != OPAQUE)) {
      throw transparent();
    }
    boolean grey = isGrey(palette);
    int area = numbers.length;
    byte[] planes = new byte[(grey ? 1 : 3) * area];
    for (int i = 0; i < area; i++) {
      planes[i] = (byte) palette.getRed(numbers[i]);
      if (!grey) {
        planes[area + i] = (byte) palette.getGreen(numbers[i]);
        planes[2 * area + i] = (byte) palette.getBlue(numbers[i]);
      }
    }
    return new Picture(raster.getHeight(), raster.getWidth(), grey, planes);
  }

  private static boolean isGrey(IndexColorModel palette) {
    return IntStream.range(0, palette.getMapSize())
        .allMatch(
            number ->
                palette.getRed(number) == palette.getGreen(number)
                    && palette.getRed(number) == palette.getBlue(number));
  }

  private static int[] samples(Raster raster, int band) {
    int[] samples = new int[raster.getWidth() * raster.getHeight()];
    return raster.getSamples(
        raster.getMinX(), raster.getMinY(), raster.getWidth(), raster.getHeight(), band, samples);
  }

  private void refuseMended(String warning) {
    String lower = warning.toLowerCase(Locale.ROOT);
    if (MENDED.stream().anyMatch(lower::contains)) {
      throw damaged(warning);
    }
  }

  private void refuseDamaged(String problem) {
    throw damaged(problem);
  }

  private MerlonException damaged(String reason) {
    return reason.contains("Unsupported Image Type")
        ? refused("has colours other than grey and RGB, such as CMYK")
        : FileProblem.of(file, "is damaged or truncated: " + reason);
  }

  private MerlonException transparent() {
    return refused("is partly transparent");
  }

  private MerlonException refused(String problem) {
    return MerlonException.data(
        file + " " + problem,
        "Convert it to an 8-bit grey or RGB image without transparency, or remove it.");
  }
}
