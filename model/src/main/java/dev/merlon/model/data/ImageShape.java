package dev.merlon.model.data;

/**
 * Shape of one image in channel-first order.
 *
 * @param channels number of colour planes, at least 1
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record ImageShape(int channels, int height, int width) {

  /** Rejects empty shapes and shapes whose element count does not fit an {@code int}. */
  public ImageShape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "image shape must be positive, got " + channels + "x" + height + "x" + width);
    }
    Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  /** Number of values in one image: {@code channels * height * width}. */
  public int elements() {
    return channels * height * width;
  }

  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
