package dev.merlon.config;

/**
 * A setting that differs between two runs.
 *
 * @param key the full key
 * @param then its value before, as HOCON; empty where the key did not matter
 * @param now its value now, likewise
 */
public record SettingChange(String key, String then, String now) {

  /** For people: {@code epochs was 20, is now 30}. */
  @Override
  public String toString() {
    return key + " was " + named(then) + ", is now " + named(now);
  }

  private static String named(String value) {
    return value.isEmpty() ? "not set" : value;
  }
}
