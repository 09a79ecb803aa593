package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import java.util.Locale;

/** In which order a model takes the pixels of an image. */
public enum ImageLayout {
  /** Channel by channel: {@code (C, H, W)}. */
  NCHW,
  /** All channels of a pixel together: {@code (H, W, C)}. */
  NHWC;

  /** Its name on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The shape that a model of this layout has for images of shape {@code (C, H, W)}. */
  Shape of(Shape image) {
    return this == NCHW ? image : new Shape(image.get(1), image.get(2), image.get(0));
  }
}
