package dev.merlon.model.network.operation;

import dev.merlon.model.network.Network;

/**
 * An operation was given operands of a shape it does not take. The message says what was expected
 * and found; {@link Network} adds where.
 */
public final class ShapeMismatch extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ShapeMismatch(String message) {
    super(message);
  }

  /** Throws unless {@code condition} holds. */
  public static void require(boolean condition, String message) {
    if (!condition) {
      throw new ShapeMismatch(message);
    }
  }
}
