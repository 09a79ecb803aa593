package dev.merlon.actors.training;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.checkpoint.CheckpointStore;
import dev.merlon.model.checkpoint.RunIdentity;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.ModelProvenance;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.StartModel;
import dev.merlon.model.training.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The result weights of a checkpoint as a model file: for the checkpoint at the end of a run, byte
 * for byte the model of that moment.
 */
final class CheckpointModel {
  /** How the names of checkpoints end. */
  static final String ENDING = ".merlon";

  private final Path file;
  private final Shape image;
  private final int classes;

  private CheckpointModel(Path file, Shape image, int classes) {
    this.file = file;
    this.image = image;
    this.classes = classes;
  }

  /**
   * The model file.
   *
   * @param image shape of the images that the network is to see
   * @throws MerlonException configuration or model-format failure if the checkpoint is damaged, of
   *     another shape of images or number of classes, or begun with a model that is not beside it
   */
  static byte[] bytes(Path file, ImageShape image, int classes) {
    return new CheckpointModel(file, StartPoint.shape(image), classes).bytes();
  }

  private byte[] bytes() {
    TrainingSnapshot snapshot = snapshot();
    RunIdentity identity = snapshot.identity();
    RunSettings settings = Settings.parse(identity.settings(), file.toString(), List.of());
    ParameterValues result = snapshot.learner().result();
    Network network = network(settings);
    return OnnxExport.bytes(
        network,
        fitting(() -> ParameterValues.of(network, result.tensors())).as(DataType.FLOAT32),
        ModelProvenance.notes(
            settings,
            identity.settingsDigest(),
            identity.dataDigest(),
            snapshot.learner().resultWeights() == Weights.AVERAGED),
        settings.export());
  }

  private TrainingSnapshot snapshot() {
    try {
      return CheckpointStore.read(file);
    } catch (IOException unusable) {
      throw new MerlonException(
          new Failure.ModelFormat(
              "Checkpoint " + file + " cannot be used: " + FileReason.of(unusable),
              "Name another checkpoint, or a model of that run."),
          unusable);
    }
  }

  private Network network(RunSettings settings) {
    double momentum = settings.batchNorm().momentum();
    if (settings.startModel().isEmpty()) {
      return fitting(() -> Architectures.build(settings.network(), momentum, image, classes));
    }
    Path start = runDirectory().startModel();
    StartFile found =
        Optional.of(start)
            .filter(Files::isRegularFile)
            .map(model -> StartFile.of(OnnxImport.bytes(model), model.toString()))
            .filter(model -> model.sha256().equals(settings.startModel()))
            .orElseThrow(
                () ->
                    MerlonException.modelFormat(
                        "Checkpoint %s needs the model that its run started from, and %s is not it"
                            .formatted(file, start),
                        "Leave the checkpoint in its run directory, or name a model of that"
                            + " run."));
    return StartModel.of(found.model(), image, Optional.empty(), classes, momentum).network();
  }

  private RunDirectory runDirectory() {
    return new RunDirectory(file.toAbsolutePath().normalize().resolveSibling("..").normalize());
  }

  private <T> T fitting(Supplier<T> built) {
    try {
      return built.get();
    } catch (MerlonException other) {
      throw new MerlonException(
          new Failure.ModelFormat(
              String.format(
                  Locale.ROOT,
                  "Checkpoint %s is not of images %s in %d classes: %s",
                  file,
                  image,
                  classes,
                  other.failure().message()),
              "Start from a run on the same images and classes."),
          other);
    }
  }
}
