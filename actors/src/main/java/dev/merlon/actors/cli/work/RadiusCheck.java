package dev.merlon.actors.cli.work;

import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.ThreatSpec;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.norm.Norm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Refuses radii that are longer than any way from one image to another. */
final class RadiusCheck {
  private RadiusCheck() {}

  /**
   * Compares each radius with the distance of a black and a white image.
   *
   * @throws MerlonException (configuration)
   */
  static void require(List<ThreatSpec> threats, ImageShape image) {
    double[] whole = new double[image.elements()];
    Arrays.fill(whole, 1);
    for (ThreatSpec threat : threats) {
      double longest = Norm.of(threat.norm()).measure(whole);
      if (threat.eps() > longest) {
        throw new MerlonException(
            new Failure.Configuration(
                String.format(
                    Locale.ROOT,
                    "Perturbation %s is wider than the distance of any two images of %s, %.4g",
                    threat,
                    image,
                    longest),
                "Give a radius for pixels in [0,1], such as linf:8/255 or l2:0.5."));
      }
    }
  }
}
