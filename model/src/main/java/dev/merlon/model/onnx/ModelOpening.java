package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.operator.ModelRefusal;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All that is needed to read a model again, in this process or another, as it was used here.
 *
 * @param file an absolute path
 * @param name what messages call it
 * @param sha256 of the file when it was read first
 * @param image shape {@code (C, H, W)} of the images that it takes through something in front of
 *     its graph; empty where there is nothing in front
 * @param layout the order of pixels that the model takes
 * @param scaling what is done to pixels
 * @param threshold what its only output is compared with
 */
public record ModelOpening(
    Path file,
    String name,
    String sha256,
    Optional<Shape> image,
    Optional<ImageLayout> layout,
    InputScaling scaling,
    Optional<Threshold> threshold) {

  /**
   * Reads it.
   *
   * @throws MerlonException (model format) when the file is gone or refused, or is another one now
   */
  public ImportedModel read() {
    ImportedModel read = OnnxImport.read(file, name);
    if (!read.sha256().equals(sha256)) {
      throw ModelRefusal.unreadable(
          "Model '" + name + "' was changed while it was being worked on.",
          "Leave a model alone until it is certified, and run the command again.");
    }
    ImportedModel taking =
        image
            .map(
                shape ->
                    read.ofImages(shape, layout, scaling)
                        .orElseThrow(() -> new IllegalArgumentException("it took " + shape)))
            .orElse(read);
    return threshold.isPresent() ? taking.classifying(threshold) : taking;
  }
}
