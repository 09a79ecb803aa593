package dev.merlon.model.data;

import java.util.Arrays;

/**
 * One decoded image, 8 bits a value.
 *
 * @param height in pixels
 * @param width in pixels
 * @param grey whether the file says that it has no colours
 * @param planes grey, or red, green and blue: {@code [1 or 3, H, W]}; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once and never compared.
record Picture(int height, int width, boolean grey, byte[] planes) {

  /** The values as so many channels; grey is repeated where three are wanted. */
  byte[] channels(int count) {
    if (!grey && count == 1) {
      throw new IllegalArgumentException("a coloured image has no single channel");
    }
    if (!grey || count == 1) {
      return planes;
    }
    byte[] repeated = Arrays.copyOf(planes, count * planes.length);
    for (int channel = 1; channel < count; channel++) {
      System.arraycopy(planes, 0, repeated, channel * planes.length, planes.length);
    }
    return repeated;
  }
}
