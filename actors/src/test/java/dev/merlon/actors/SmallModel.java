package dev.merlon.actors;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.network.Initialisation;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.onnx.OnnxExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Untrained classifiers as files. */
public final class SmallModel {
  private SmallModel() {}

  /** Writes one of ten classes that takes {@code side x side} grey images. */
  public static Path write(Path file, int side) throws IOException {
    return write(file, side, 10);
  }

  /** Writes one that takes {@code side x side} grey images. */
  public static Path write(Path file, int side, int classes) throws IOException {
    Network.Builder layers = Network.builder(new Shape(1, side, side));
    layers.append("flatten", new Flatten());
    layers.append("linear1", new Linear(side * side, 16, true));
    layers.append("relu1", new Relu());
    layers.append("linear2", new Linear(16, classes, true));
    Network network = layers.build();
    var values = new Initialiser(Initialisation.DEFAULT).draw(network, 3);
    return Files.write(file, OnnxExport.bytes(network, values, Map.of()));
  }
}
