package dev.merlon.actors.training;

import dev.merlon.actors.run.RunDirectory;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.RunImages;
import dev.merlon.model.onnx.OnnxImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the model that a run starts from: the one its user names, or the one it was begun with. */
final class StartChoice {
  private final TrainingRequest request;

  private StartChoice(TrainingRequest request) {
    this.request = request;
  }

  /**
   * The model; empty where weights are drawn. Writes nothing.
   *
   * @param from an ONNX model, a run directory or a checkpoint; empty where the user names none
   * @throws MerlonException configuration or model-format failure if there is no such model, or if
   *     the run was begun with another start
   */
  static Optional<StartFile> of(TrainingRequest request, Optional<Path> from) {
    return new StartChoice(request).choose(from);
  }

  private Optional<StartFile> choose(Optional<Path> from) {
    Optional<StartFile> named = from.map(this::read);
    if (!request.resume()) {
      return named;
    }
    Path kept = new RunDirectory(request.directory()).startModel();
    Optional<StartFile> start =
        named.or(() -> Files.exists(kept) ? Optional.of(model(kept)) : Optional.empty());
    requireBegun(start, kept);
    if (Files.exists(kept)) {
      named.ifPresent(model -> model.requireKept(kept));
    }
    return start;
  }

  private StartFile read(Path from) {
    if (Files.isDirectory(from)) {
      return model(result(from));
    }
    if (from.toString().endsWith(CheckpointModel.ENDING) && Files.isRegularFile(from)) {
      RunImages images = request.images();
      return StartFile.of(
          CheckpointModel.bytes(from, images.shape(), images.classes()), from.toString());
    }
    return model(from);
  }

  private static Path result(Path run) {
    Path model = new RunDirectory(run).finalModel();
    if (!Files.exists(model)) {
      throw MerlonException.configuration(
          run + " holds no " + model.getFileName() + " to start from",
          "Name a run that has ended, or one of its models or checkpoints.");
    }
    return model;
  }

  private static StartFile model(Path file) {
    return StartFile.of(OnnxImport.bytes(file), file.toString());
  }

  private void requireBegun(Optional<StartFile> start, Path kept) {
    begun()
        .ifPresent(
            begun -> {
              String run = "the run in " + request.directory();
              if (start.isEmpty() && !begun.startModel().isEmpty()) {
                throw MerlonException.configuration(
                    kept + ", which " + run + " was begun with, is missing",
                    "Name that model with --from, or train into another directory.");
              }
              if (start.isPresent() && !start.get().sha256().equals(begun.startModel())) {
                String then =
                    begun.startModel().isEmpty()
                        ? "weights that were drawn"
                        : "a model of sha256 " + begun.startModel();
                throw MerlonException.configuration(
                    "%s (sha256 %s) is not what %s was begun with: %s"
                        .formatted(start.get().name(), start.get().sha256(), run, then),
                    "Leave --from out, or train into another directory.");
              }
            });
  }

  // Settings that cannot be read are refused where the run is resumed, with their first difference.
  private Optional<RunSettings> begun() {
    Path file = new RunDirectory(request.directory()).settings();
    try {
      return Files.exists(file)
          ? Optional.of(Settings.parse(Files.readString(file), file.toString(), List.of()))
          : Optional.empty();
    } catch (IOException | MerlonException unreadable) {
      return Optional.empty();
    }
  }
}
