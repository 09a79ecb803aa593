package dev.merlon.actors.wire;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.onnx.ImageLayout;
import dev.merlon.model.onnx.InputScaling;
import dev.merlon.model.onnx.ModelOpening;
import dev.merlon.model.onnx.Threshold;
import dev.merlon.proto.ModelToOpen;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Models to be opened, as messages. */
public final class ModelWire {
  private ModelWire() {}

  /** The message. */
  public static ModelToOpen message(ModelOpening opening) {
    ModelToOpen.Builder message =
        ModelToOpen.newBuilder()
            .setName(opening.name())
            .setFile(opening.file().toString())
            .setSha256(opening.sha256())
            .setRange(opening.scaling().range())
            .addAllMean(opening.scaling().mean())
            .addAllStd(opening.scaling().std());
    opening.image().ifPresent(image -> Arrays.stream(image.getShape()).forEach(message::addImage));
    opening.layout().ifPresent(layout -> message.setLayout(layout.word()));
    opening.threshold().ifPresent(threshold -> message.setThreshold(threshold.toString()));
    return message.build();
  }

  /**
   * What a message means.
   *
   * @throws RuntimeException if it is no such message
   */
  public static ModelOpening opening(ModelToOpen message) {
    return new ModelOpening(
        Path.of(message.getFile()),
        message.getName(),
        message.getSha256(),
        message.getImageCount() == 0
            ? Optional.empty()
            : Optional.of(new Shape(message.getImageList())),
        Arrays.stream(ImageLayout.values())
            .filter(layout -> layout.word().equals(message.getLayout()))
            .findFirst(),
        new InputScaling(message.getRange(), message.getMeanList(), message.getStdList()),
        message.getThreshold().isEmpty()
            ? Optional.empty()
            : Optional.of(Threshold.parse(message.getThreshold())));
  }
}
