package dev.merlon.actors.job;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.norm.PerturbationSet;
import java.util.List;

/** Refuses sets that are larger than all that images can be. */
public final class RadiusCheck {
  private RadiusCheck() {}

  /**
   * Compares each set with the images that there can be.
   *
   * @throws MerlonException (configuration)
   */
  public static void require(List<PerturbationSet> threats, ImageShape images) {
    for (PerturbationSet threat : threats) {
      threat
          .excess(images)
          .ifPresent(
              widest -> {
                throw MerlonException.configuration(
                    "Perturbation " + threat.text() + " is wider than " + widest,
                    "Give a radius for pixels in [0,1], such as linf:8/255 or l2:0.5.");
              });
    }
  }
}
