package dev.merlon.config.value;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;

/**
 * A norm and a radius, written {@code linf:0.1} or {@code linf:8/255}.
 *
 * @param norm the name of a {@link KnownNorm}
 * @param radius in the un-normalised {@code [0,1]} input space; above 0, at most the norm's largest
 */
public record ThreatSpec(String norm, Radius radius) {

  /** Checks that there is such a norm, and that it takes the radius, which is above 0. */
  public ThreatSpec {
    KnownNorm.named("norm", norm);
    Check.require(radius.value() > 0, "eps", "is " + radius + ": must be above 0");
    requireRadius("eps", norm, radius);
  }

  /** A norm and a radius that nobody wrote. */
  public ThreatSpec(String norm, double eps) {
    this(norm, Radius.of(eps));
  }

  /** The radius as a number. */
  public double eps() {
    return radius.value();
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
    Radius radius =
        Radius.parse(text.substring(colon + 1))
            .orElseThrow(() -> malformed(text, "has a radius that is no number"));
    try {
      return new ThreatSpec(text.substring(0, colon).strip(), radius);
    } catch (InvalidSetting invalid) {
      String problem = invalid.problem().replaceFirst(": must", ", must");
      throw malformed(text, "is refused: " + invalid.key() + " " + problem);
    }
  }

  @Override
  public String toString() {
    return norm + ":" + radius;
  }

  /** Refuses radii that no image distance in {@code [0,1]^d} can mean. */
  public static void requireRadius(String key, String norm, Radius radius) {
    double largest = KnownNorm.named("norm", norm).largestRadius();
    String hint = largest <= 1 ? " (pixels lie in [0,1]; write 8/255, not 8)" : "";
    Check.require(
        radius.value() >= 0 && radius.value() <= largest,
        key,
        "is "
            + radius
            + ": must lie between 0 and "
            + Decimals.text(largest)
            + " for "
            + norm
            + hint);
  }

  private static MerlonException malformed(String text, String problem) {
    return MerlonException.configuration(
        "Perturbation '" + text + "' " + problem,
        "Write a norm and a radius, such as linf:8/255 or l2:0.5.");
  }
}
