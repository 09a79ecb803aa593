package dev.merlon.model.verify;

import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a certificate is about. */
public enum Guarantee {
  /** The exact real function of the file's weights, with rounding accounted for. */
  REAL,
  /** Also what ONNX Runtime's float32 forward pass can return. */
  DEPLOYED,
  /** Bounds in plain float64 arithmetic without directed rounding, as the literature reports. */
  NOMINAL;

  /** Its name in configuration and results. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The guarantee of this name.
   *
   * @throws MerlonException (configuration) when there is none of this name
   */
  public static Guarantee parse(String word) {
    return Arrays.stream(values())
        .filter(guarantee -> guarantee.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new MerlonException(
                    new Failure.Configuration(
                        "There is no guarantee '" + word + "'",
                        "Use one of " + words(", ") + "; nominal is available today.")));
  }

  /**
   * This guarantee, if a verifier can give it.
   *
   * @throws MerlonException (configuration) for all but {@link #NOMINAL}
   */
  public Guarantee available() {
    if (this == NOMINAL) {
      return this;
    }
    throw new MerlonException(
        new Failure.Configuration(
            "Guarantee '" + word() + "' is not available yet: bounds do not account for rounding",
            "Use --guarantee nominal."));
  }

  private static String words(String separator) {
    return Arrays.stream(values()).map(Guarantee::word).collect(Collectors.joining(separator));
  }
}
