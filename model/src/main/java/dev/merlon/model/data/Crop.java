package dev.merlon.model.data;

import dev.merlon.config.data.PaddingMode;

/**
 * One rectangle cut out of an image that goes on beyond its rim.
 *
 * @param image shape of the whole image
 * @param cut shape of what is cut out, with as many channels
 * @param top row of the image at which the rectangle begins; may lie outside
 * @param left column of the image at which it begins; may lie outside
 * @param mirrored whether the image is mirrored left to right before it is cut
 * @param outside what lies beyond the rim
 */
record Crop(
    ImageShape image, ImageShape cut, int top, int left, boolean mirrored, PaddingMode outside) {
  /** Stands for a pixel that is black. */
  static final int BLACK = -1;

  Crop {
    if (image.channels() != cut.channels()) {
      throw new IllegalArgumentException("cannot cut " + cut + " out of " + image);
    }
  }

  /** The square in the middle; of an odd rest the smaller half lies above and left. */
  static Crop centre(ImageShape image, int side) {
    int top = (image.height() - side) / 2;
    int left = (image.width() - side) / 2;
    ImageShape cut = new ImageShape(image.channels(), side, side);
    return new Crop(image, cut, top, left, false, PaddingMode.EDGE);
  }

  /**
   * Where each pixel of the cut comes from: positions in one channel of the image, row-major, or
   * {@link #BLACK}.
   */
  int[] sources() {
    int[] sources = new int[cut.height() * cut.width()];
    for (int row = 0; row < cut.height(); row++) {
      int from = inside(top + row, image.height());
      for (int column = 0; column < cut.width(); column++) {
        int at = inside(left + column, image.width());
        boolean black = from == BLACK || at == BLACK;
        int across = mirrored ? image.width() - 1 - at : at;
        sources[row * cut.width() + column] = black ? BLACK : from * image.width() + across;
      }
    }
    return sources;
  }

  /**
   * Cuts an image.
   *
   * @param whole the image, {@code [C,H,W]}
   * @param target receives the cut, {@code [C,h,w]}, from {@code offset} on
   */
  void copy(byte[] whole, byte[] target, int offset) {
    int[] sources = sources();
    int plane = image.height() * image.width();
    for (int channel = 0; channel < cut.channels(); channel++) {
      for (int i = 0; i < sources.length; i++) {
        byte value = sources[i] == BLACK ? 0 : whole[channel * plane + sources[i]];
        target[offset + channel * sources.length + i] = value;
      }
    }
  }

  private int inside(int place, int size) {
    if (place >= 0 && place < size) {
      return place;
    }
    return switch (outside) {
      case EDGE -> place < 0 ? 0 : size - 1;
      case ZERO -> BLACK;
    };
  }
}
