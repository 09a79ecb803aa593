package dev.merlon.config;

import java.util.List;

/**
 * A norm and a radius, written {@code linf:0.1} or {@code linf:8/255}.
 *
 * @param norm one of {@link #NORMS}
 * @param eps the radius in the un-normalised {@code [0,1]} input space; above 0, and at most 1 for
 *     {@code linf}
 */
public record ThreatSpec(String norm, double eps) {

  /** The norms that bounds and attacks know. */
  public static final List<String> NORMS = List.of("linf", "l2");

  public ThreatSpec {
    requireNorm("norm", norm);
    Check.positive("eps", eps);
    requireRadius("eps", norm, eps);
  }

  /**
   * Reads {@code norm:eps}.
   *
   * @throws MerlonException a {@link Failure.Configuration} if {@code text} is anything else
   */
  public static ThreatSpec parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw malformed(text, "has no radius");
    }
    double eps =
        Decimals.parse(text.substring(colon + 1))
            .orElseThrow(() -> malformed(text, "has a radius that is no number"));
    try {
      return new ThreatSpec(text.substring(0, colon).strip(), eps);
    } catch (InvalidSetting invalid) {
      throw malformed(text, "is refused, " + invalid.getMessage());
    }
  }

  @Override
  public String toString() {
    return norm + ":" + eps;
  }

  static void requireNorm(String key, String norm) {
    Check.oneOf(key, norm, NORMS);
  }

  /** Refuses radii that no image distance in {@code [0,1]^d} can mean. */
  static void requireRadius(String key, String norm, double eps) {
    double largest = norm.equals("linf") ? 1 : 1000;
    String hint = norm.equals("linf") ? " (pixels lie in [0,1]; write 8/255, not 8)" : "";
    Check.require(
        eps >= 0 && eps <= largest,
        key,
        "is " + eps + ": must lie between 0 and " + largest + " for " + norm + hint);
  }

  private static MerlonException malformed(String text, String problem) {
    return new MerlonException(
        new Failure.Configuration(
            "Perturbation '" + text + "' " + problem,
            "Write a norm and a radius, such as linf:8/255 or l2:0.5."));
  }
}
