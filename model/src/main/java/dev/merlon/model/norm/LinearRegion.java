package dev.merlon.model.norm;

import java.util.List;

/**
 * Linear constraints for programs whose solutions are the points of a set around one input: the
 * first variables are the pixels, others help to write the set down.
 *
 * @param pixels how many variables are pixels
 * @param lower lower ends of all variables
 * @param upper upper ends of all variables
 * @param rows constraints on them
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on once, never compared.
public record LinearRegion(int pixels, double[] lower, double[] upper, List<Row> rows) {
  /** Copies the list. */
  public LinearRegion {
    rows = List.copyOf(rows);
  }

  /** {@code lower <= coefficients * variables <= upper}, for the variables of these numbers. */
  public record Row(int[] variables, double[] coefficients, double lower, double upper) {}

  /** How the sets of one kind around inputs are written down. */
  @FunctionalInterface
  public interface Description {
    /** The set around an input, flat. */
    LinearRegion around(double... x);
  }
}
