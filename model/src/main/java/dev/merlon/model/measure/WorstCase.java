package dev.merlon.model.measure;

import dev.merlon.config.value.ThreatSpec;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The worst case of one image, exactly and as training approximates it. All values are smallest
 * margins {@code min_j (f_y - f_j)} over the perturbation set; the max-margin loss is their
 * negative.
 *
 * @param model SHA-256 of the model file
 * @param basis of the approximations: comparable where this is equal
 * @param data SHA-256 of the images
 * @param index of the image
 * @param threat the perturbation; the ball is intersected with {@code [0,1]^d}
 * @param lower what no point goes below, as far as a solver found out
 * @param upper the smallest margin that was reached
 * @param proved whether the two are the same margin, up to the solver's tolerance
 * @param approximations those that the network allows
 */
public record WorstCase(
    String model,
    String basis,
    String data,
    int index,
    ThreatSpec threat,
    double lower,
    double upper,
    boolean proved,
    Map<Approximation, Double> approximations) {

  /** Copies the map. */
  public WorstCase {
    approximations = Map.copyOf(approximations);
  }

  /** The approximations in their order. */
  public Map<Approximation, Double> ordered() {
    return new TreeMap<>(approximations);
  }

  /**
   * How far an approximation of the max-margin loss is from the exact one: above 0 where it is too
   * large, below where it is too small. Empty where the truth or the approximation is not known.
   */
  public Optional<Double> error(Approximation approximation) {
    return Optional.ofNullable(approximations.get(approximation))
        .filter(margin -> proved)
        .map(margin -> upper - margin);
  }
}
