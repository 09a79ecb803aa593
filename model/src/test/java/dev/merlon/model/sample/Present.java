package dev.merlon.model.sample;

import java.util.Map;
import java.util.Optional;

/** Looks up what a test knows to be there. */
public final class Present {
  private Present() {}

  /** The value of a key. @throws AssertionError when there is none */
  public static <V> V in(Map<String, V> map, String key) {
    return Optional.ofNullable(map.get(key))
        .orElseThrow(() -> new AssertionError("no " + key + " among " + map.keySet()));
  }
}
