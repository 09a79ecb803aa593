package dev.merlon.model.verify.vnnlib;

import java.util.Arrays;

/**
 * Numbers that a model was given, or returned. The array is shared, nobody writes to it.
 *
 * @param values of that format, each exactly
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over, never compared.
public record Numbers(Format format, double... values) {

  boolean finite() {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }
}
