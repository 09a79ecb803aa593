package dev.merlon.model.verify.count;

/**
 * A share of all inputs asked for, as far as it is known: so many count, and so many more might.
 *
 * @param counted inputs that count
 * @param open inputs that still might
 * @param of all inputs, at least 1
 */
public record Share(int counted, int open, int of) {
  /** Checks that the numbers fit together. */
  public Share {
    if (counted < 0 || open < 0 || of < 1 || counted + open > of) {
      throw new IllegalArgumentException(counted + " + " + open + " of " + of);
    }
  }

  /** The fraction that counts, in {@code [0,1]}. */
  public double lower() {
    return (double) counted / of;
  }

  /** The largest fraction that is still possible, in {@code [0,1]}. */
  public double upper() {
    return (double) (counted + open) / of;
  }
}
