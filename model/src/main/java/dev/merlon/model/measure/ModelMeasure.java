package dev.merlon.model.measure;

import dev.merlon.config.value.ThreatSpec;
import java.util.List;
import java.util.Optional;

/**
 * What was measured of one model on a sample of images. Bounds are float64, attacks float32, both
 * without directed rounding.
 *
 * @param model SHA-256 of the model file
 * @param basis the sample and the attack
 * @param correct images of the sample that are classified correctly
 * @param threats one entry per perturbation, in the order asked for
 */
public record ModelMeasure(
    String model, MeasureBasis basis, int correct, List<ThreatMeasure> threats) {

  /** Copies the list. */
  public ModelMeasure {
    threats = List.copyOf(threats);
  }

  /** The measure of a perturbation, if it was asked for. */
  public Optional<ThreatMeasure> threat(ThreatSpec threat) {
    return threats.stream().filter(measure -> measure.threat().equals(threat)).findFirst();
  }
}
