package dev.merlon.model.data;

import dev.merlon.config.data.AugmentSettings;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.CounterRandom.Role;
import java.util.function.IntFunction;

/**
 * The random mirror image and crop of training images, in this order, as CTBench does it. What
 * becomes of an image depends on (seed, epoch, its number in the training images) alone: neither on
 * the batch it is in nor on what was drawn before, so that any step can be replayed.
 *
 * @param settings what is done
 * @param seed the run's seed
 * @param image shape of the stored images
 * @param seen shape of what the network sees: equal, or a square cut out
 */
public record Augmentation(AugmentSettings settings, long seed, ImageShape image, ImageShape seen) {

  /** Rejects crops that do not fit into the extended image. */
  public Augmentation {
    if (rest(image.height(), seen.height(), settings) < 0
        || rest(image.width(), seen.width(), settings) < 0
        || (!settings.randomCrop() && !image.equals(seen))) {
      throw new IllegalArgumentException("cannot see " + seen + " of images of " + image);
    }
  }

  /** Images as they are stored. */
  public static Augmentation none(ImageShape image) {
    return new Augmentation(AugmentSettings.NONE, 0, image, image);
  }

  /** The images of a place in training as the network sees them there. */
  public Batch batch(Dataset data, Cursor cursor, long globalStep, int[] indices) {
    if (!settings.flip() && !settings.randomCrop()) {
      return Batch.of(data, cursor, globalStep, indices);
    }
    return cut(data, cursor, globalStep, indices, i -> crop(cursor.epoch(), i));
  }

  private Batch cut(
      Dataset data, Cursor cursor, long globalStep, int[] indices, IntFunction<Crop> crops) {
    int elements = seen.elements();
    float[] pixels = new float[indices.length * elements];
    byte[] whole = new byte[image.elements()];
    byte[] cut = new byte[elements];
    for (int i = 0; i < indices.length; i++) {
      data.copyBytes(indices[i], whole);
      crops.apply(indices[i]).copy(whole, cut, 0);
      for (int p = 0; p < elements; p++) {
        pixels[i * elements + p] = Dataset.intensity(cut[p]);
      }
    }
    return new Batch(cursor, globalStep, seen, pixels, data.labels(indices));
  }

  /** The images of a place in training as evaluation would see them: their centre, unmirrored. */
  public Batch clean(Dataset data, Cursor cursor, long globalStep, int[] indices) {
    if (image.equals(seen)) {
      return Batch.of(data, cursor, globalStep, indices);
    }
    Crop centre = Crop.centre(image, seen.height());
    return cut(data, cursor, globalStep, indices, i -> centre);
  }

  /**
   * What is cut out of an image in an epoch.
   *
   * @param epoch counted from 0
   * @param index number of the image in its data set
   */
  Crop crop(int epoch, int index) {
    Draws draws = new Draws(CounterRandom.of(seed, epoch, index, Role.AUGMENTATION));
    boolean mirrored = draws.chance(0.5) && settings.flip();
    if (!settings.randomCrop()) {
      return new Crop(image, seen, 0, 0, mirrored, settings.padding());
    }
    int top = draws.index(rest(image.height(), seen.height(), settings) + 1) - settings.pad();
    int left = draws.index(rest(image.width(), seen.width(), settings) + 1) - settings.pad();
    return new Crop(image, seen, top, left, mirrored, settings.padding());
  }

  private static int rest(int stored, int seen, AugmentSettings settings) {
    return stored + (settings.randomCrop() ? 2 * settings.pad() : 0) - seen;
  }
}
