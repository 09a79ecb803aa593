package dev.merlon.model.tensor;

import java.util.Arrays;

/**
 * Batches filled up to whole groups of rows. Libraries choose their kernels by the number of rows
 * that are left at a batch's end, and these kernels round differently: in whole groups, what comes
 * out of a row does not depend on how many others there are.
 */
public final class RowGroups {
  private static final int ROWS = 8;

  private RowGroups() {}

  /** The number of rows of whole groups that hold so many, at least 1. */
  public static int count(int rows) {
    return (rows + ROWS - 1) / ROWS * ROWS;
  }

  /**
   * How many rows a computation may take of which nothing may depend on their number, if it has
   * room for so many: whole groups, or 1, since less than a group cannot be filled up.
   */
  public static int within(int room) {
    return room < ROWS ? 1 : room / ROWS * ROWS;
  }

  /** The rows, and the last one again until groups are whole; at least one row. */
  public static int[] filled(int... rows) {
    int[] all = Arrays.copyOf(rows, count(rows.length));
    Arrays.fill(all, rows.length, all.length, rows[rows.length - 1]);
    return all;
  }

  /** The samples of a batch, and the last one again until groups are whole. */
  public static float[] filled(float[] samples, int count) {
    int length = samples.length / count;
    float[] all = Arrays.copyOf(samples, length * count(count));
    for (int start = samples.length; start < all.length; start += length) {
      System.arraycopy(samples, samples.length - length, all, start, length);
    }
    return all;
  }
}
