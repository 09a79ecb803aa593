package dev.merlon.actors.training;

import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.DatasetSource;
import dev.merlon.model.data.Datasets;
import dev.merlon.model.data.ImageCache;
import dev.merlon.model.data.RunImages;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What to train, on what, and where the results go.
 *
 * @param settings everything that decides what is computed
 * @param data where the images come from; read when the run starts; see {@link #images}
 * @param directory the run directory; made where it does not exist
 * @param resume go on from the newest good checkpoint of {@code directory}, or start anew where
 *     there is none; without it a directory that holds a run is refused
 * @param start the model that the settings' {@code start-model} stands for; empty where weights are
 *     drawn
 */
public record TrainingRequest(
    RunSettings settings,
    DatasetSource data,
    Path directory,
    boolean resume,
    Optional<StartFile> start) {

  /** A request whose weights are drawn. */
  public TrainingRequest(RunSettings settings, DatasetSource data, Path directory, boolean resume) {
    this(settings, data, directory, resume, Optional.empty());
  }

  /**
   * A request whose images are those the settings name.
   *
   * @param dataDirectory where the files of the data set lie; empty for a data set that is drawn
   * @param cache where image files are decoded to
   * @throws MerlonException a configuration or data failure if the kind needs a directory and has
   *     none, or has one it does not take, or if models are compared on images that there are not
   */
  public static TrainingRequest of(
      RunSettings settings,
      Optional<Path> dataDirectory,
      ImageCache cache,
      Path directory,
      boolean resume) {
    var data = settings.data();
    DatasetSource source =
        dataDirectory
            .map(files -> Datasets.open(data.kind(), files, cache))
            .orElseGet(() -> Datasets.open(data.kind(), data.demoSeed()));
    if (source.kind() != data.kind()) {
      throw MerlonException.configuration(
          "data.kind is "
              + data.kind().word()
              + " but the images come from "
              + source.kind().word(),
          "Set data.kind, or name another directory.");
    }
    var request = new TrainingRequest(settings, source, directory, resume);
    SelectionImages.require(request);
    return request;
  }

  /**
   * The same run from what its user names, or, where it is resumed, from what it was begun with.
   *
   * @param from an ONNX model, a run directory (its {@code final.onnx}) or a checkpoint (its result
   *     weights); empty where the user names none
   * @throws MerlonException configuration or model-format failure if there is no such model, or if
   *     the run was begun with another
   */
  public TrainingRequest startingFrom(Optional<Path> from) {
    return StartChoice.of(this, from).map(this::startingFrom).orElse(this);
  }

  /** The same run from this model. */
  TrainingRequest startingFrom(StartFile model) {
    RunSettings named =
        settings.startModel().isEmpty() ? settings.startingFrom(model.sha256()) : settings;
    return new TrainingRequest(named, data, directory, resume, Optional.of(model));
  }

  /**
   * What is trained, and from which weights on.
   *
   * @throws MerlonException as {@link StartPoint#of}
   */
  public StartPoint startPoint() {
    RunImages images = images();
    return StartPoint.of(this, images.shape(), images.classes());
  }

  /** The images as the settings ask for them. */
  public RunImages images() {
    return new RunImages(data, settings.data(), settings.seed());
  }
}
