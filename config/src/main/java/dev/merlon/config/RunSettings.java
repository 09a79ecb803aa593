package dev.merlon.config;

import dev.merlon.config.data.DataSettings;
import dev.merlon.config.evaluation.EvaluationSettings;
import dev.merlon.config.evaluation.SelectionMetric;
import dev.merlon.config.evaluation.SelectionSettings;
import dev.merlon.config.network.BatchNormSettings;
import dev.merlon.config.network.Initialisation;
import dev.merlon.config.network.NetworkSettings;
import dev.merlon.config.objective.CureObjective;
import dev.merlon.config.objective.NaturalObjective;
import dev.merlon.config.objective.ObjectiveSettings;
import dev.merlon.config.objective.ProjectionSettings;
import dev.merlon.config.training.AveragingSettings;
import dev.merlon.config.training.OptimizerSettings;
import dev.merlon.config.training.RegulariserSettings;
import dev.merlon.config.training.ScheduleSettings;
import dev.merlon.config.value.Check;
import dev.merlon.config.value.Decimals;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import dev.merlon.config.value.ThreatSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Everything that decides what one training run computes. Two runs with equal settings, data and
 * code do the same work; where the data and the run directory lie is not part of it.
 *
 * @param name what the run is called; its default directory carries it
 * @param seed keys every random choice
 * @param epochs passes over the training images; at least 1
 * @param batchSize images of one training step; at least 1
 * @param initialisation how weights are drawn; without influence where there is a start model
 * @param startModel SHA-256 of the model file whose network and weights the run starts from; empty
 *     where {@code network} says the network and its weights are drawn
 */
public record RunSettings(
    String name,
    long seed,
    int epochs,
    int batchSize,
    DataSettings data,
    NetworkSettings network,
    Initialisation initialisation,
    String startModel,
    ObjectiveSettings objective,
    ScheduleSettings schedule,
    OptimizerSettings optimizer,
    AveragingSettings averaging,
    BatchNormSettings batchNorm,
    RegulariserSettings regulariser,
    SelectionSettings selection,
    EvaluationSettings evaluation,
    PipelineSettings pipeline,
    DeviceSettings device,
    CheckpointSettings checkpoint,
    ExportSettings export) {

  /** Checks the values. */
  public RunSettings {
    Check.require(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
        "name",
        "is '" + name + "': must be letters, digits, dots, dashes and underscores, at most 100");
    Check.require(
        startModel.matches("([0-9a-f]{64})?"),
        "start-model",
        "is '"
            + startModel
            + "': must be empty or a SHA-256 of 64 hexadecimal digits in lower case");
    Check.within("epochs", epochs, 1, 1_000_000);
    Check.within("batch-size", batchSize, 1, 1_000_000);
    Check.require(
        schedule.endEpoch() <= epochs,
        "schedule.end-epoch",
        "is "
            + Decimals.text(schedule.endEpoch())
            + " but epochs is "
            + epochs
            + ": must be at most epochs");
    Check.within("averaging.from-epoch", averaging.fromEpoch(), 0, epochs);
    Check.within("optimizer.warm-up-epochs", optimizer.learningRate().warmUpEpochs(), 0, epochs);
    Check.within("selection.from-epoch", selection.fromEpoch(), 0, epochs);
    Check.require(
        !selection.active() || !evaluation.threats().isEmpty(),
        "selection.metric",
        "is " + selection.metric().word() + " but evaluation.threats is empty");
    selection.requireMeasured(evaluation);
    if (selection.metric() == SelectionMetric.TAPS) {
      requireLatentSearch(objective, schedule, selection.threats(evaluation));
    }
    Check.within("optimizer.accumulate", optimizer.accumulate(), 1, batchSize);
    requireRadius(objective, schedule);
  }

  /**
   * Canonical HOCON of these settings: stable order, parseable, free of hosts and paths; radii as
   * they were written.
   */
  public String render() {
    return written().document();
  }

  /** What the network is called, for people. */
  public String networkName() {
    return startModel.isEmpty() ? network.name() : "the network of start.onnx";
  }

  /** The same run with another objective. */
  public RunSettings with(ObjectiveSettings other) {
    return with(other, startModel);
  }

  /**
   * The same run from a model.
   *
   * @param sha256 of the model's file
   */
  public RunSettings startingFrom(String sha256) {
    return with(objective, sha256);
  }

  private RunSettings with(ObjectiveSettings otherObjective, String otherStart) {
    return new RunSettings(
        name,
        seed,
        epochs,
        batchSize,
        data,
        network,
        initialisation,
        otherStart,
        otherObjective,
        schedule,
        optimizer,
        averaging,
        batchNorm,
        regulariser,
        selection,
        evaluation,
        pipeline,
        device,
        checkpoint,
        export);
  }

  /** SHA-256 of {@link #render()} in UTF-8, 64 hexadecimal digits. */
  public String digest() {
    return DigestUtils.sha256Hex(render());
  }

  /** The full keys that matter for these settings. */
  Set<String> keys() {
    return written().values().keySet();
  }

  /** The settings that differ in other ones, in the order of {@link #render()}. */
  public List<SettingChange> changesTo(RunSettings other) {
    Map<String, String> then = written().values();
    Map<String, String> now = other.written().values();
    Set<String> keys = new LinkedHashSet<>(then.keySet());
    keys.addAll(now.keySet());
    return keys.stream()
        .map(key -> new SettingChange(key, then.getOrDefault(key, ""), now.getOrDefault(key, "")))
        .filter(change -> !change.then().equals(change.now()))
        .toList();
  }

  static RunSettings read(SettingsReader reader) {
    // The schedule comes first: other sections take their defaults from it.
    ScheduleSettings schedule = reader.section("schedule", ScheduleSettings::read);
    ObjectiveSettings objective = reader.section("objective", ObjectiveSettings::read);
    requireRadius(objective, schedule);
    return new RunSettings(
        reader.text("name"),
        reader.whole("seed"),
        reader.integer("epochs"),
        reader.integer("batch-size"),
        reader.section("data", DataSettings::read),
        reader.section("network", NetworkSettings::read),
        reader.choice("initialisation", Initialisation.class),
        reader.text("start-model"),
        objective,
        schedule,
        reader.section("optimizer", OptimizerSettings::read),
        reader.section("averaging", AveragingSettings::read),
        reader.section("batch-norm", BatchNormSettings::read),
        reader.section("regulariser", RegulariserSettings::read),
        reader.section("selection", SelectionSettings::read),
        reader.section("evaluation", EvaluationSettings::read),
        reader.section("pipeline", PipelineSettings::read),
        reader.section("device", DeviceSettings::read),
        reader.section("checkpoint", CheckpointSettings::read),
        reader.section("export", ExportSettings::read));
  }

  private SettingsWriter written() {
    var writer = new SettingsWriter();
    writer.text("name", name);
    writer.whole("seed", seed);
    writer.whole("epochs", epochs);
    writer.whole("batch-size", batchSize);
    writer.section("data", data::write);
    writer.section("network", network::write);
    writer.choice("initialisation", initialisation);
    writer.text("start-model", startModel);
    writer.section("objective", objective::write);
    writer.section("schedule", schedule::write);
    writer.section("optimizer", optimizer::write);
    writer.section("averaging", averaging::write);
    writer.section("batch-norm", batchNorm::write);
    writer.section("regulariser", regulariser::write);
    writer.section("selection", selection::write);
    writer.section("evaluation", evaluation::write);
    writer.section("pipeline", pipeline::write);
    writer.section("device", device::write);
    writer.section("checkpoint", checkpoint::write);
    writer.section("export", export::write);
    return writer;
  }

  /** How natural updates are merged into certified ones; empty where they are not. */
  public Optional<ProjectionSettings> projection() {
    return objective instanceof CureObjective cure
        ? cure.projection().filter(projection -> projection.weight() > 0)
        : Optional.empty();
  }

  /** What is trained against, for people: {@code linf 0.3}, {@code linf 0.3 and l2 1.0}. */
  public String against() {
    return objective instanceof CureObjective cure
        ? cure.threats().stream()
            .map(threat -> threat.norm() + " " + threat.radius())
            .collect(Collectors.joining(" and "))
        : schedule.norm() + " " + schedule.epsTrain();
  }

  /** The sets that are trained against; empty where none is. */
  public List<ThreatSpec> trainedThreats() {
    if (objective instanceof NaturalObjective) {
      return List.of();
    }
    return objective instanceof CureObjective cure
        ? cure.threats()
        : List.of(new ThreatSpec(schedule.norm(), schedule.epsTrain()));
  }

  private static void requireLatentSearch(
      ObjectiveSettings objective, ScheduleSettings schedule, List<ThreatSpec> threats) {
    Check.require(
        objective.latent().isPresent(),
        "selection.metric",
        "is taps but objective " + objective.kind() + " searches no latent points");
    Check.require(
        threats.stream().allMatch(threat -> threat.norm().equals(schedule.norm())),
        "selection.metric",
        "is taps but evaluation.threats has other norms than schedule.norm, "
            + schedule.norm()
            + ": choose one by selection.threat");
  }

  private static void requireRadius(ObjectiveSettings objective, ScheduleSettings schedule) {
    if (objective instanceof NaturalObjective) {
      return;
    }
    Check.require(
        schedule.epsTrain().value() > 0,
        "schedule.eps-train",
        "is " + schedule.epsTrain() + ": must be above 0 for objective " + objective.kind());
    objective.requireFit(schedule);
  }
}
