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

  public InvalidSetting(String key, String problem) {
    super(
        new Failure.Configuration(
            key + " " + problem,
            "Correct " + key + "; docs/configuration.md describes every key."));
    this.key = key;
    this.problem = problem;
  }

  public String key() {
    return key;
  }

  public String problem() {
    return problem;
  }
}
