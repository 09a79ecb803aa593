package dev.merlon.config.data;

/** What an image is extended with on all sides before a crop. */
public enum PaddingMode {
  /** The nearest pixel of the image. */
  EDGE,
  /** Black. */
  ZERO
}
