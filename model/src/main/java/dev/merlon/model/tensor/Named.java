package dev.merlon.model.tensor;

import java.util.Map;

/** Look-ups by name of what must be there. */
public final class Named {
  private Named() {}

  /**
   * The value of a name.
   *
   * @throws IllegalStateException if there is none, which is a defect and never bad input
   */
  public static <V> V get(Map<String, V> values, String name) {
    V value = values.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "nothing is called " + name + "; there is " + values.keySet());
    }
    return value;
  }
}
