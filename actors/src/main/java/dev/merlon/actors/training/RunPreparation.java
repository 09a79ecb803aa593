package dev.merlon.actors.training;

import dev.merlon.config.Failure;
import dev.merlon.config.FileReason;
import dev.merlon.config.MerlonException;
import dev.merlon.config.RunSettings;
import dev.merlon.model.checkpoint.CheckpointStore;
import dev.merlon.model.checkpoint.CheckpointStore.Found;
import dev.merlon.model.checkpoint.RunIdentity;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.RunImages;
import dev.merlon.model.data.SampleOrder;
import dev.merlon.model.optimize.Schedules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns a request into a plan: takes the directory, reads the images, finds where to go on. */
final class RunPreparation {
  private final TrainingRequest request;
  private final RunFiles files;
  private final List<String> notices = new ArrayList<>();

  private RunPreparation(TrainingRequest request, RunFiles files) {
    this.request = request;
    this.files = files;
  }

  /**
   * Makes the plan; reads files, so it may take seconds.
   *
   * @return a plan whose {@link RunPlan#files} the caller closes
   * @throws MerlonException configuration, data or model-format failure
   */
  static RunPlan prepare(TrainingRequest request, RunParts parts) {
    SelectionImages.require(request);
    // Images that cannot be read must not leave the beginning of a run behind.
    Dataset all = parts.images().apply(request);
    RunImages.Training images = request.images().training(all);
    StartPoint start = StartPoint.of(request, images.augmentation().seen(), all.classes());
    RunFiles files =
        RunFiles.open(request.directory(), request.settings(), request.start(), request.resume());
    try {
      return new RunPreparation(request, files).plan(images, start);
    } catch (IOException failed) {
      files.close();
      throw new MerlonException(
          new Failure.Configuration(
              "The run directory "
                  + request.directory()
                  + " cannot be used: "
                  + FileReason.of(failed),
              "Make it readable and writable, or choose another."),
          failed);
    } catch (RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  private RunPlan plan(RunImages.Training images, StartPoint start) throws IOException {
    RunSettings settings = request.settings();
    SampleOrder order =
        SampleOrder.of(settings.seed(), images.train().size(), settings.batchSize());
    RunIdentity identity = RunIdentity.of(settings, images.digest(), codeVersion());
    return new RunPlan(
        settings,
        files,
        images,
        SelectionImages.of(request, images),
        start,
        order,
        Schedules.of(settings, order.batchesPerEpoch()),
        identity,
        checkpoint(identity),
        List.copyOf(notices));
  }

  private Optional<Found> checkpoint(RunIdentity identity) throws IOException {
    identity.requireContinues(
        new RunIdentity(files.settings(), identity.dataDigest(), identity.codeVersion()));
    CheckpointStore.Recovery recovery = files.checkpoints().newest();
    recovery
        .skipped()
        .forEach(s -> notices.add("Skipped checkpoint " + s.file() + ": " + s.problem()));
    recovery.found().ifPresent(found -> compare(identity, found.snapshot().identity()));
    long bytes = recovery.found().map(found -> found.snapshot().metricsBytes()).orElse(0L);
    try (MetricsFile metrics = MetricsFile.open(files.metrics())) {
      long kept = metrics.cutTo(bytes);
      if (kept < bytes) {
        notices.add("Lines of " + files.metrics() + " from before the checkpoint are lost");
      }
      return recovery
          .found()
          .map(found -> new Found(found.file(), continued(found.snapshot(), identity, kept)));
    }
  }

  private static TrainingSnapshot continued(
      TrainingSnapshot begun, RunIdentity identity, long metricsBytes) {
    return new TrainingSnapshot(
        identity, begun.cursor(), begun.learner(), begun.tally(), metricsBytes, begun.best());
  }

  private void compare(RunIdentity identity, RunIdentity begun) {
    identity.requireContinues(begun);
    if (!identity.codeVersion().equals(begun.codeVersion())) {
      notices.add(
          "The checkpoint was written by Merlon "
              + begun.codeVersion()
              + ", this is "
              + identity.codeVersion()
              + ": results may differ in their last bits");
    }
  }

  private static String codeVersion() {
    return Optional.ofNullable(RunPreparation.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
