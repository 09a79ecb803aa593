package dev.merlon.actors.training;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.objective.CureObjective;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.objective.Objective;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.StartModel;
import java.util.Optional;

/**
 * What a run trains, and where its weights start: the network of its settings with weights drawn,
 * or network and weights of a model file.
 *
 * @param given the weights of a model file; empty where they are drawn
 */
public record StartPoint(Network network, Optional<ParameterValues> given) {

  /**
   * The start of a run.
   *
   * @param image shape of what the network sees
   * @throws MerlonException configuration or model-format failure if the objective needs a model to
   *     start from and has none, if the settings name another one, or if it does not fit the
   *     images, the objective or the operator set that models are to be written in
   */
  public static StartPoint of(TrainingRequest request, ImageShape image, int classes) {
    StartPoint start = found(request, image, classes);
    OnnxExport.requireFit(start.network(), request.settings().export());
    return start;
  }

  private static StartPoint found(TrainingRequest request, ImageShape image, int classes) {
    RunSettings settings = request.settings();
    requireModel(settings, request.start());
    Shape shape = shape(image);
    double momentum = settings.batchNorm().momentum();
    if (request.start().isEmpty()) {
      return new StartPoint(
          Architectures.build(settings.network(), momentum, shape, classes), Optional.empty());
    }
    StartModel start =
        StartModel.of(request.start().get().model(), shape, Optional.empty(), classes, momentum);
    new Objective(settings).requireFit(start.network());
    return new StartPoint(start.network(), Optional.of(start.values()));
  }

  /** The weights before the first step. */
  ParameterValues values(RunSettings settings) {
    return given.orElseGet(
        () -> new Initialiser(settings.initialisation()).draw(network, settings.seed()));
  }

  /** The shape {@code (C, H, W)} of images. */
  static Shape shape(ImageShape image) {
    return new Shape(image.channels(), image.height(), image.width());
  }

  private static void requireModel(RunSettings settings, Optional<StartFile> start) {
    String named = settings.startModel();
    if (start.isEmpty() && !named.isEmpty()) {
      throw MerlonException.configuration(
          "start-model is " + named + " but no model is named",
          "Add --from with that model, or leave start-model out.");
    }
    if (start.isEmpty()
        && settings.objective() instanceof CureObjective cure
        && cure.form().tunes()) {
      throw MerlonException.configuration(
          "Objective " + cure.kind() + " starts from a trained model, and none is named",
          "Add --from with an ONNX model, a run directory or a checkpoint.");
    }
    start
        .filter(file -> !file.sha256().equals(named))
        .ifPresent(
            file -> {
              throw MerlonException.configuration(
                  "start-model is " + named + " but " + file.name() + " is " + file.sha256(),
                  "Name the model with that SHA-256, or leave start-model out.");
            });
  }
}
