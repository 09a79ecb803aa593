package dev.merlon.config.data;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * Random changes of training images; images for evaluation are never changed.
 *
 * @param flip whether half of the images are mirrored left to right
 * @param randomCrop whether the square that the network sees is cut at a random place instead of
 *     the centre, out of the image extended by {@code pad}
 * @param pad pixels that an image is extended by on each side before a random crop
 * @param padding what it is extended with
 */
public record AugmentSettings(boolean flip, boolean randomCrop, int pad, PaddingMode padding) {
  /** Training images as they are. */
  public static final AugmentSettings NONE = new AugmentSettings(false, false, 0, PaddingMode.EDGE);

  /** Checks the values. */
  public AugmentSettings {
    Check.within("pad", pad, 0, 1024);
  }

  static AugmentSettings read(SettingsReader reader) {
    return new AugmentSettings(
        reader.flag("flip"),
        reader.flag("random-crop"),
        reader.integer("pad"),
        reader.choice("padding", PaddingMode.class));
  }

  void write(SettingsWriter writer) {
    writer.flag("flip", flip);
    writer.flag("random-crop", randomCrop);
    writer.whole("pad", pad);
    writer.choice("padding", padding);
  }
}
