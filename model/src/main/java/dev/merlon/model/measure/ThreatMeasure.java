package dev.merlon.model.measure;

import dev.merlon.config.value.ThreatSpec;
import java.util.List;

/**
 * A model under one perturbation, on a sample.
 *
 * @param threat the perturbation; the ball is intersected with {@code [0,1]^d}
 * @param surviving images classified correctly at every point that was tried
 * @param crownIbp images that CROWN-IBP proves
 * @param ibp images that interval bounds prove
 * @param margins means of the smallest margins
 * @param relus one entry per rectifier, in the network's order
 */
public record ThreatMeasure(
    ThreatSpec threat,
    int surviving,
    int crownIbp,
    int ibp,
    MarginMeans margins,
    List<ReluShare> relus) {

  /** Copies the list. */
  public ThreatMeasure {
    relus = List.copyOf(relus);
  }
}
