package dev.merlon.model.golden;

import ai.djl.ndarray.types.Shape;

/** Inputs of published models: bytes of images, channel by channel. */
public final class PublishedInputs {
  private PublishedInputs() {}

  /**
   * One image as a model takes it, pixels in {@code [0, 1]}.
   *
   * @param bytes of all images, each {@code [C, H, W]}
   * @param index which image
   * @param sample shape that the model takes; {@code (H, W, 3)} has its channels last
   */
  public static double[] pixels(byte[] bytes, int index, Shape sample) {
    int size = Math.toIntExact(sample.size());
    boolean last = sample.dimension() == 3 && sample.get(2) == 3;
    int plane = last ? size / 3 : size;
    double[] input = new double[size];
    for (int i = 0; i < size; i++) {
      int at = last ? i % plane * 3 + i / plane : i;
      input[at] = (bytes[index * size + i] & 0xff) / 255.0;
    }
    return input;
  }
}
