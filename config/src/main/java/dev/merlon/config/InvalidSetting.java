package dev.merlon.config;

/**
 * A setting whose value breaks a rule. The key is relative to the record that found it; {@link
 * SettingsReader} completes it to the full path.
 */
final class InvalidSetting extends MerlonException {
  private static final long serialVersionUID = 1L;

  private final String key;
  private final String problem;

  InvalidSetting(String key, String problem) {
    super(
        new Failure.Configuration(
            key + " " + problem,
            "Correct " + key + "; docs/configuration.md describes every key."));
    this.key = key;
    this.problem = problem;
  }

  String key() {
    return key;
  }

  String problem() {
    return problem;
  }
}
