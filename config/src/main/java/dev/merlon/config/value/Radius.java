package dev.merlon.config.value;

import java.util.Optional;

/**
 * A radius with the text that people know it by. Two radii are equal if their values are, however
 * they are written.
 *
 * @param value in the un-normalised {@code [0,1]} input space
 * @param text as it was written, such as {@code 8/255}
 */
public record Radius(double value, String text) {
  private static final int STEPS = 255;

  /** A decimal of more characters than this is told as a fraction where it is one. */
  private static final int SHORT = 6;

  /** Reads a decimal or a fraction; empty if {@code text} is neither. */
  public static Optional<Radius> parse(String text) {
    return Decimals.parse(text).stream()
        .mapToObj(value -> new Radius(value, text.strip()))
        .findFirst();
  }

  /** A radius that nobody wrote: {@code k/255} for a multiple of a step of pixels, else decimal. */
  public static Radius of(double value) {
    String decimal = Decimals.text(value);
    long steps = Math.round(value * STEPS);
    boolean fraction = decimal.length() > SHORT && (double) steps / STEPS == value;
    return new Radius(value, fraction ? steps + "/" + STEPS : decimal);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Radius radius && Double.compare(value, radius.value) == 0;
  }

  @Override
  public int hashCode() {
    return Double.hashCode(value);
  }

  /** The text. */
  @Override
  public String toString() {
    return text;
  }
}
