package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "a.bmp", "A.PNG"})
  void decode_coloured_givesTheStoredValuesChannelFirst(String name) {
    Picture picture = decode(name, PictureFixture.coloured(3, 4, 6));

    assertThat(picture.grey()).isFalse();
    assertThat(picture.height()).isEqualTo(4);
    assertThat(picture.width()).isEqualTo(6);
    assertThat(picture.planes()).containsExactly(PictureFixture.planes(3, 3, 4, 6));
  }

  @Test
  void decode_grey_keepsItsValuesWithoutGamma() {
    Picture picture = decode("a.png", PictureFixture.grey(5, 4, 6));

    assertThat(picture.grey()).isTrue();
    assertThat(picture.planes()).containsExactly(PictureFixture.planes(5, 1, 4, 6));
    assertThat(picture.channels(3)).hasSize(3 * 24).endsWith(picture.planes());
  }

  @Test
  void decode_jpeg_isNearWhatWasWritten() {
    BufferedImage smooth = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      smooth.setRGB(i % 16, i / 16, 0x802040);
    }

    Picture picture = decode("a.jpg", smooth);

    for (int i = 0; i < 256; i++) {
      assertThat(picture.planes()[i] & 0xff).isBetween(0x80 - 3, 0x80 + 3);
      assertThat(picture.planes()[256 + i] & 0xff).isBetween(0x20 - 3, 0x20 + 3);
      assertThat(picture.planes()[512 + i] & 0xff).isBetween(0x40 - 3, 0x40 + 3);
    }
  }

  @Test
  void decode_greyJpeg_isGrey() {
    assertThat(decode("a.jpeg", PictureFixture.grey(1, 8, 8)).grey()).isTrue();
  }

  @Test
  void decode_palette_givesItsColours() {
    byte[] red = {10, (byte) 200};
    byte[] green = {20, (byte) 210};
    byte[] blue = {30, (byte) 220};
    IndexColorModel palette = new IndexColorModel(8, 2, red, green, blue);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED, palette);
    image.getRaster().setSample(1, 0, 0, 1);

    Picture picture = decode("a.png", image);

    assertThat(picture.planes()).containsExactly(10, (byte) 200, 20, (byte) 210, 30, (byte) 220);
  }

  @Test
  void decode_blackAndWhite_isGrey() {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_BYTE_BINARY);
    image.setRGB(1, 0, 0xffffff);

    Picture picture = decode("a.png", image);

    assertThat(picture.grey()).isTrue();
    assertThat(picture.planes()).containsExactly(0, (byte) 255, 0);
  }

  @Test
  void decode_opaqueAlpha_isLeftOut() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 4; i++) {
      image.setRGB(i % 2, i / 2, 0xff0a1420);
    }

    assertThat(decode("a.png", image).planes())
        .containsExactly(10, 10, 10, 10, 20, 20, 20, 20, 32, 32, 32, 32);
  }

  @Test
  void decode_transparentPixels_areRefused() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);

    assertThat(problem(PictureFixture.write(directory.resolve("a.png"), image)))
        .endsWith("a.png is partly transparent");
  }

  @Test
  void decode_sixteenBits_areRefused() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_USHORT_GRAY);

    assertThat(problem(PictureFixture.write(directory.resolve("a.png"), image)))
        .endsWith("has 16 bits a value, expected 8");
  }

  @Test
  void decode_cmykJpeg_isRefusedClearly() throws IOException {
    Path file = directory.resolve("cmyk.jpg");
    writeFourBands(file);

    assertThat(problem(file)).endsWith("has 4 colour channels (CMYK?), expected grey or RGB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.png", "a.jpg", "a.bmp"})
  void decode_truncated_isNoticed(String name) throws IOException {
    Path file = PictureFixture.write(directory.resolve(name), PictureFixture.coloured(1, 64, 64));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));

    assertThat(problem(file)).startsWith(file + " is damaged or truncated");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 12, 16, 30})
  void decode_pngWithoutItsLastBytes_isNoticed(int missing) throws IOException {
    Path file = PictureFixture.write(directory.resolve("a.png"), PictureFixture.coloured(1, 4, 6));
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - missing));

    assertThat(problem(file)).startsWith(file + " is damaged or truncated");
  }

  @Test
  void decode_pngWithAnyByteFlipped_isRefused() throws IOException {
    Path file = PictureFixture.write(directory.resolve("a.png"), PictureFixture.coloured(1, 4, 6));
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 4;
      Files.write(file, flipped);

      assertThat(problem(file)).startsWith(file.toString());
    }
  }

  @Test
  void decode_textNamedAsImage_isRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("a.png"), "not at all");

    assertThat(problem(file))
        .isEqualTo(file + " is no PNG, JPEG or BMP image, whatever its name says");
  }

  @Test
  void decode_emptyFile_isRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("a.jpg"));

    assertThat(problem(file)).contains("is no PNG, JPEG or BMP image");
  }

  @Test
  void decode_gif_isRefused() {
    Path gif = PictureFixture.write(directory.resolve("a.gif"), PictureFixture.coloured(1, 4, 4));

    assertThat(problem(gif)).contains("is no PNG, JPEG or BMP image");
  }

  private Picture decode(String name, BufferedImage image) {
    return PictureFile.decode(PictureFixture.write(directory.resolve(name), image));
  }

  private static String problem(Path file) {
    MerlonException thrown =
        catchThrowableOfType(MerlonException.class, () -> PictureFile.decode(file));
    assertThat(thrown).isNotNull();
    assertThat(thrown.failure()).isInstanceOf(Failure.Data.class);
    assertThat(thrown.failure().message()).doesNotContain("\n");
    assertThat(thrown.failure().remedy()).isNotBlank();
    return thrown.failure().message();
  }

  /** A JPEG of four channels, as only the writer for bare rasters makes it. */
  private static void writeFourBands(Path file) throws IOException {
    WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 8, 8, 4, null);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(new IIOImage(raster, null, null));
    } finally {
      writer.dispose();
    }
  }
}
