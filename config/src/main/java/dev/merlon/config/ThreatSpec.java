package dev.merlon.config;

/**
 * A norm and a radius, written {@code linf:0.1} or {@code linf:8/255}.
 *
 * @param norm the name of a {@link KnownNorm}
 * @param eps the radius in the un-normalised {@code [0,1]} input space; above 0, at most the norm's
 *     largest
 */
public record ThreatSpec(String norm, double eps) {

  public ThreatSpec {
    KnownNorm.named("norm", norm);
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

  /** Refuses radii that no image distance in {@code [0,1]^d} can mean. */
  static void requireRadius(String key, String norm, double eps) {
    double largest = KnownNorm.named("norm", norm).largestRadius();
    String hint = largest <= 1 ? " (pixels lie in [0,1]; write 8/255, not 8)" : "";
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
