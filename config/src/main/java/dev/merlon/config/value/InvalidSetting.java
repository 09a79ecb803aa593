package dev.merlon.config.value;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;

/**
 * A setting whose value breaks a rule. The key is relative to the record that found it; {@link
 * SettingsReader} completes it to the full path.
 */
public final class InvalidSetting extends MerlonException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String problem;

  /** The problem goes on after the key, which is relative to the record that found it. */
  public InvalidSetting(String key, String problem) {
    super(
        new Failure.Configuration(
            key + " " + problem,
            "Correct " + key + "; docs/configuration.md describes every key."));
    this.key = key;
    this.problem = problem;
  }

  /** The key, as far as it is known. */
  public String key() {
    return key;
  }

  /** What is wrong with the value; goes on after the key. */
  public String problem() {
    return problem;
  }
}
