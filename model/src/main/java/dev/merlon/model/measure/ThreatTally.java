package dev.merlon.model.measure;

import dev.merlon.config.value.ThreatSpec;
import java.util.ArrayList;
import java.util.List;

/** Adds up what batches of a sample show of one perturbation. Not thread-safe. */
final class ThreatTally {
  private final ThreatSpec threat;
  private final List<String> layers;
  private final double[][] neurons;
  private int images;
  private int surviving;
  private int crownIbp;
  private int ibp;
  private double clean;
  private double attackedSum;
  private double crownIbpSum;
  private double ibpSum;

  /** A tally of nothing yet, for these rectifiers. */
  ThreatTally(ThreatSpec threat, List<String> layers) {
    this.threat = threat;
    this.layers = List.copyOf(layers);
    this.neurons = new double[layers.size()][3];
  }

  /** The perturbation that is counted for. */
  ThreatSpec threat() {
    return threat;
  }

  /** Counts one image by its smallest margins. */
  void add(double cleanMargin, double attackedMargin, double crownIbpBound, double ibpBound) {
    double attacked = Math.min(cleanMargin, attackedMargin);
    images++;
    surviving += attacked > 0 ? 1 : 0;
    crownIbp += crownIbpBound > 0 ? 1 : 0;
    ibp += ibpBound > 0 ? 1 : 0;
    clean += cleanMargin;
    attackedSum += attacked;
    crownIbpSum += crownIbpBound;
    ibpSum += ibpBound;
  }

  /** Counts the neurons of one rectifier over a batch. */
  void add(int layer, double dead, double unstable, double active) {
    neurons[layer][0] += dead;
    neurons[layer][1] += unstable;
    neurons[layer][2] += active;
  }

  ThreatMeasure measure() {
    MarginMeans means =
        new MarginMeans(
            clean / images, attackedSum / images, crownIbpSum / images, ibpSum / images);
    List<ReluShare> shares = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      double all = neurons[i][0] + neurons[i][1] + neurons[i][2];
      shares.add(
          new ReluShare(
              layers.get(i), neurons[i][0] / all, neurons[i][1] / all, neurons[i][2] / all));
    }
    return new ThreatMeasure(threat, surviving, crownIbp, ibp, means, shares);
  }
}
