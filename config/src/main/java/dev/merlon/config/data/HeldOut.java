package dev.merlon.config.data;

import dev.merlon.config.value.Check;

/**
 * How many training images are held back for another purpose.
 *
 * @param amount below 1 a share of the images, otherwise their number; 0 = none
 */
public record HeldOut(double amount) {
  /** Nothing is held back. */
  public static final HeldOut NONE = new HeldOut(0);

  /** Checks that it is a share or a whole number. */
  public HeldOut {
    Check.require(
        Double.isFinite(amount)
            && amount >= 0
            && (amount < 1 || (amount == Math.rint(amount) && amount <= Integer.MAX_VALUE)),
        "amount",
        "is " + amount + ": must be a share below 1 or a whole number of images");
  }

  /** Whether nothing is held back. */
  public boolean none() {
    return amount == 0;
  }

  /**
   * The number of images held back.
   *
   * @param images how many there are
   * @return the share of them, rounded, or the number itself; may be more than there are
   */
  public int of(int images) {
    return Math.toIntExact(amount < 1 ? Math.round(amount * images) : (long) amount);
  }
}
