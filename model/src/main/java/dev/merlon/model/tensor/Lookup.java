package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;

/** Rows of a tensor by their numbers. Gradients flow. Thread-safe. */
public final class Lookup {
  private Lookup() {}

  /** Loads the engine when they are first used. */
  private static final class Operators {
    static final ScriptedOperator TAKE =
        new ScriptedOperator(new String[] {"x", "i"}, "torch.index_select(x, 0, i)");
    static final ScriptedOperator ADD =
        new ScriptedOperator(new String[] {"x", "i", "v"}, "torch.index_add(x, 0, i, v)");
  }

  /**
   * Copies of rows.
   *
   * @param x {@code [M, ...]}
   * @param numbers {@code int64 [R]} below M, in any order and as often as wanted
   * @return {@code [R, ...]}, in the scope of {@code x}
   */
  public static NDArray rows(NDArray x, NDArray numbers) {
    return Operators.TAKE.apply(x, numbers);
  }

  /**
   * A copy with values added to some rows.
   *
   * @param x {@code [M, ...]}
   * @param numbers {@code int64 [R]} below M
   * @param values {@code [R, ...]}
   * @return {@code [M, ...]}, in the scope of {@code x}
   */
  public static NDArray added(NDArray x, NDArray numbers, NDArray values) {
    return Operators.ADD.apply(x, numbers, values);
  }
}
