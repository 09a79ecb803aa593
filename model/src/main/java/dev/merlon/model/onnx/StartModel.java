package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Operation;
import java.util.List;
import java.util.Optional;

/**
 * A model file as the start of training: every weight and bias trains, batch normalisation where
 * the file has it, with its running statistics going on from those of the file. Normalisation and
 * other arithmetic with constants stay as they are.
 *
 * @param network what is trained, a function of images
 * @param values its tensors, those of the file in its type
 */
public record StartModel(Network network, ParameterValues values) {

  /**
   * The start that a model gives a run.
   *
   * @param image shape of the run's images, {@code (C, H, W)}
   * @param layout the model's; by default the one that its input's shape shows
   * @param classes of the run's data
   * @param momentum weight of a new batch in the running statistics; takes the place of the file's,
   *     which has no part in the function that the file computes
   * @throws MerlonException (model format) when the model is no classifier of such images into such
   *     classes, or has nothing to train
   */
  public static StartModel of(
      ImportedModel model,
      Shape image,
      Optional<ImageLayout> layout,
      int classes,
      double momentum) {
    ImportedModel ofImages =
        model
            .ofImages(image, layout)
            .orElseThrow(
                () ->
                    refused(
                        model,
                        "takes inputs of shape "
                            + model.network().inputShape()
                            + " where the images have shape "
                            + image));
    Network network = ofImages.network();
    if (network.classes() != classes) {
      throw refused(
          model, "has " + network.classes() + " logits where the data has " + classes + " classes");
    }
    if (network.parameters().values().stream().noneMatch(spec -> spec.role().trainable())) {
      throw refused(model, "has no weights that could be trained");
    }
    return new StartModel(withMomentum(network, momentum), ofImages.values());
  }

  private static Network withMomentum(Network network, double momentum) {
    Network.Builder builder = Network.builder(network.inputShape());
    for (Node node : network.nodes()) {
      List<Integer> inputs = node.inputs();
      builder.add(
          node.name(), withMomentum(node.operation(), momentum), inputs.toArray(Integer[]::new));
    }
    return builder.build();
  }

  private static Operation withMomentum(Operation operation, double momentum) {
    return operation instanceof BatchNorm norm
        ? new BatchNorm(norm.features(), norm.epsilon(), momentum)
        : operation;
  }

  private static MerlonException refused(ImportedModel model, String problem) {
    return MerlonException.modelFormat(
        "Model '" + model.name() + "' cannot be trained: it " + problem + ".",
        "Start from a model of the same images and classes.");
  }
}
