package dev.merlon.actors.job;

import dev.merlon.actors.Amounts;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.verify.runtime.RuntimePredictor;
import dev.merlon.model.verify.verdict.Counterexample;
import dev.merlon.model.verify.verdict.Verdict;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Counterexamples as PNG files in a folder. A picture has 8 bits a value and values in {@code
 * [0,1]}: it shows the point and is not the point, so that the model is asked about it again. Owns
 * the predictor; used by one thread at a time.
 */
final class AdversarialPictures implements AutoCloseable {
  private static final int COLOURS = 3;
  private static final int WHITE = 255;

  private final Path folder;
  private final ImageShape shape;
  private final RuntimePredictor predictor;
  private int written;
  private int harmless;

  /**
   * Pictures of images of this shape.
   *
   * @param folder which {@link #require} has seen
   * @param predictor the model as a function of images; owned
   */
  AdversarialPictures(Path folder, ImageShape shape, RuntimePredictor predictor) {
    this.folder = folder;
    this.shape = shape;
    this.predictor = predictor;
  }

  /**
   * Makes a folder, if it is missing, and checks that files can be written there.
   *
   * @throws MerlonException (configuration) when they cannot
   */
  static void require(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".merlon", ""));
    } catch (IOException unwritable) {
      throw new MerlonException(
          new Failure.Configuration(
              "Pictures cannot be written to " + folder + ": " + FileReason.of(unwritable),
              "Make the directory writable, or name another --save-adversarial."),
          unwritable);
    }
  }

  /**
   * Writes the counterexamples of verdicts.
   *
   * @throws MerlonException (device) when one cannot be written
   */
  void save(List<Verdict> verdicts) {
    for (Verdict verdict : verdicts) {
      verdict.outcome().counterexample().ifPresent(found -> save(verdict, found));
    }
  }

  /** How many there are, and how many show less than their verdicts say. */
  String words() {
    String there = Amounts.count(written, "adversarial picture") + " in " + folder;
    return harmless == 0
        ? there
        : there
            + "; rounded to 8 bits, "
            + harmless
            + " of them no longer changed the class (verdicts hold the exact points)";
  }

  private void save(Verdict verdict, Counterexample found) {
    int[] rounded = rounded(found.point());
    Path file = folder.resolve(name(verdict, found));
    try {
      ImageIO.write(picture(rounded), "png", file.toFile());
    } catch (IOException unwritable) {
      throw new MerlonException(
          new Failure.Device(
              file + " cannot be written: " + FileReason.of(unwritable),
              "Make room or repair the disk."),
          unwritable);
    }
    written++;
    float[] shown = new float[rounded.length];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = rounded[i] / (float) WHITE;
    }
    if (predictor.classes(shown, 1)[0] == verdict.property().label()) {
      harmless++;
    }
  }

  /** Such as {@code 000017-label3-class7-linf_0.1.png}. */
  private static String name(Verdict verdict, Counterexample found) {
    String seen = found.adversarial().isPresent() ? "-class" + found.adversarial().getAsInt() : "";
    String set = verdict.property().set().toString().replaceAll("[^A-Za-z0-9.-]+", "_");
    return String.format(
        Locale.ROOT,
        "%06d-label%d%s-%s.png",
        verdict.property().index(),
        verdict.property().label(),
        seen,
        set);
  }

  private static int[] rounded(float... point) {
    int[] values = new int[point.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(WHITE * Math.max(0, Math.min(1, point[i])));
    }
    return values;
  }

  private BufferedImage picture(int... values) {
    boolean coloured = shape.channels() == COLOURS;
    int plane = shape.height() * shape.width();
    BufferedImage picture =
        new BufferedImage(
            shape.width(),
            shape.height(),
            coloured ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < plane; i++) {
      for (int channel = 0; channel < (coloured ? COLOURS : 1); channel++) {
        int value = values[channel * plane + i];
        picture.getRaster().setSample(i % shape.width(), i / shape.width(), channel, value);
      }
    }
    return picture;
  }

  @Override
  public void close() {
    predictor.close();
  }
}
