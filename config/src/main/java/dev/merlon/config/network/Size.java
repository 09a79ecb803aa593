package dev.merlon.config.network;

import dev.merlon.config.value.Check;

/** Height and width of something in pixels; written as one number where both are equal. */
public record Size(int height, int width) {
  /** Largest extent or count of a layer. */
  static final int LARGEST = 65_536;

  /** The same in both directions. */
  public static Size square(int extent) {
    return new Size(extent, extent);
  }

  void requireWithin(String key, int least) {
    Check.require(
        Math.min(height, width) >= least && Math.max(height, width) <= LARGEST,
        key,
        "is " + this + ": must lie between " + least + " and " + LARGEST);
  }

  @Override
  public String toString() {
    return height == width ? Integer.toString(height) : "[" + height + ", " + width + "]";
  }
}
