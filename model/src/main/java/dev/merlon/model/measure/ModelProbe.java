package dev.merlon.model.measure;

import ai.djl.ndarray.types.DataType;
import dev.merlon.config.Settings;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Measures models on one sample with one attack, so that the models of a run can be compared epoch
 * by epoch. Equal models and samples give equal measures on one machine. Holds no tensors between
 * calls; not thread-safe.
 */
public final class ModelProbe {
  private static final String ATTACK = "evaluation.attack { steps = 20, restarts = 1 }";
  // As verification counts them: tensors alive at once for each value of the network.
  private static final int BOX_COPIES = 8;
  private static final long BOX_BYTES = 512L << 20;
  private static final int LARGEST_BATCH = 128;

  private final Dataset sample;
  private final List<ThreatSpec> threats;
  private final AttackSettings attack;

  /**
   * A probe for these images and perturbations.
   *
   * @param sample the images, all of which are used
   * @param threats at least one
   */
  public ModelProbe(Dataset sample, List<ThreatSpec> threats) {
    this.sample = sample;
    this.threats = List.copyOf(threats);
    this.attack =
        Settings.parse(ATTACK, "the probe's attack", List.of()).evaluation().attack().settings();
  }

  /** What every measure of this probe is based on. */
  public MeasureBasis basis() {
    return new MeasureBasis(sample.digest(), sample.size(), attack.steps(), attack.restarts());
  }

  /**
   * Measures a model. The sample's images have the shape that it takes.
   *
   * @param goOn asked before every batch of images
   * @return nothing where it was told to stop
   * @throws dev.merlon.config.failure.MerlonException (numeric) when a bound or a margin is not
   *     finite
   */
  public Optional<ModelMeasure> measure(ImportedModel model, BooleanSupplier goOn) {
    Network network = model.network();
    List<String> layers = network.rectifiers().stream().map(Node::name).toList();
    List<ThreatTally> tallies =
        threats.stream().map(threat -> new ThreatTally(threat, layers)).toList();
    int correct = 0;
    try (Scope scope = Scope.open("probe")) {
      var wide = LiveNetwork.evaluation(network, model.values(), DataType.FLOAT64, scope);
      var narrow = LiveNetwork.evaluation(network, model.values(), DataType.FLOAT32, scope);
      int batch = batch(network);
      for (int first = 0; first < sample.size(); first += batch) {
        if (!goOn.getAsBoolean()) {
          return Optional.empty();
        }
        int[] indices = IntStream.range(first, Math.min(first + batch, sample.size())).toArray();
        correct +=
            new BatchProbe(new ProbeBatch(wide, narrow, attack, sample, indices)).addTo(tallies);
      }
    }
    return Optional.of(
        new ModelMeasure(
            model.sha256(), basis(), correct, tallies.stream().map(ThreatTally::measure).toList()));
  }

  private static int batch(Network network) {
    long values =
        network.inputShape().size()
            + network.nodes().stream().mapToLong(node -> node.shape().size()).sum();
    long fitting = BOX_BYTES / (Double.BYTES * BOX_COPIES * values);
    return (int) Math.max(1, Math.min(LARGEST_BATCH, fitting));
  }
}
