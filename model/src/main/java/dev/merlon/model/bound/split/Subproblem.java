package dev.merlon.model.bound.split;

/**
 * Part of an input set: where some unstable rectifiers are known to be on one side of 0; and the
 * relaxation that a function is bounded with there: any slopes and multipliers are sound, good ones
 * give high bounds. Immutable; the arrays are shared, nobody writes to them.
 *
 * @param splits neurons by their number from 0 in {@link SplitBounds}: {@code n + 1} where neuron
 *     {@code n} is at least 0, {@code -n - 1} where it is at most 0; each neuron once
 * @param slopes lower slopes of all unstable neurons
 * @param multipliers of the splits, in their order, at least 0
 */
@SuppressWarnings("ArrayRecordComponent") // Large and shared read-only; never compared.
public record Subproblem(int[] splits, float[] slopes, float[] multipliers) {

  /** The whole set. */
  public static Subproblem whole(float[] slopes) {
    return new Subproblem(new int[0], slopes, new float[0]);
  }

  /** The subproblem of this one in which a neuron is at least 0 ({@code active}), or at most 0. */
  public Subproblem split(int neuron, boolean active) {
    int[] more = java.util.Arrays.copyOf(splits, splits.length + 1);
    more[splits.length] = active ? neuron + 1 : -neuron - 1;
    return new Subproblem(
        more, slopes, java.util.Arrays.copyOf(multipliers, multipliers.length + 1));
  }

  /** The number of the neuron of split {@code i}. */
  public int neuron(int i) {
    return Math.abs(splits[i]) - 1;
  }

  /** Whether split {@code i} leaves the side on which its neuron is at least 0. */
  public boolean active(int i) {
    return splits[i] > 0;
  }
}
