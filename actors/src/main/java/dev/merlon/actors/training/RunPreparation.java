package dev.merlon.actors.training;

import dev.merlon.actors.run.MetricsLine;
import dev.merlon.config.RunSettings;
import dev.merlon.config.SettingChange;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FileReason;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.checkpoint.CheckpointStore;
import dev.merlon.model.checkpoint.CheckpointStore.Found;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.checkpoint.RunIdentity;
import dev.merlon.model.checkpoint.ThreadCount;
import dev.merlon.model.checkpoint.TrainingSnapshot;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.RunImages;
import dev.merlon.model.data.SampleOrder;
import dev.merlon.model.file.LineWriter;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.tensor.TensorRuntime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

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
    RunIdentity asked = RunIdentity.of(settings, images.digest(), codeVersion());
    Optional<Found> checkpoint = checkpoint(asked, order.batchesPerEpoch());
    RunIdentity identity =
        checkpoint
            .map(found -> found.snapshot().identity())
            .orElseGet(() -> asked.withThreads(List.of(new ThreadCount(0, threads()))));
    return new RunPlan(
        settings,
        files,
        images,
        SelectionImages.of(request, images),
        start,
        order,
        Schedules.of(settings, order.batchesPerEpoch()),
        identity,
        checkpoint,
        List.copyOf(notices));
  }

  private Optional<Found> checkpoint(RunIdentity asked, int stepsPerEpoch) throws IOException {
    CheckpointStore.Recovery recovery = files.checkpoints().newest();
    recovery
        .skipped()
        .forEach(s -> notices.add("Skipped checkpoint " + s.file() + ": " + s.problem()));
    if (recovery.found().isEmpty()) {
      var begun = new RunIdentity(files.settings(), asked.dataDigest(), asked.codeVersion());
      asked.requireContinues(begun, RunCursor.START, stepsPerEpoch);
      keepSettings(asked, begun);
      cutMetrics(0);
      return Optional.empty();
    }
    Found found = recovery.found().get();
    TrainingSnapshot begun = found.snapshot();
    List<SettingChange> changes =
        asked.requireContinues(begun.identity(), begun.cursor(), stepsPerEpoch);
    noteVersion(asked, begun.identity());
    keepSettings(asked, begun.identity());
    if (begun.cursor().epoch() < request.settings().epochs()) {
      files.removeResults();
    }
    return Optional.of(new Found(found.file(), continued(asked, begun, changes)));
  }

  private void keepSettings(RunIdentity asked, RunIdentity begun) throws IOException {
    String written = asked.settings();
    if (!written.equals(begun.settings()) || !written.equals(files.settings())) {
      files.replaceSettings(written, asked.settingsDigest());
    }
  }

  private TrainingSnapshot continued(
      RunIdentity asked, TrainingSnapshot begun, List<SettingChange> changes) throws IOException {
    long metricsBytes = cutMetrics(begun.metricsBytes());
    List<ThreadCount> threads = new ArrayList<>(begun.identity().threads());
    List<ThreadCount> changed = new ArrayList<>();
    int now = threads();
    if (threads.isEmpty() || threads.get(threads.size() - 1).threads() != now) {
      changed.addAll(threads.subList(Math.max(0, threads.size() - 1), threads.size()));
      changed.add(new ThreadCount(begun.cursor().globalStep(), now));
      threads.add(new ThreadCount(begun.cursor().globalStep(), now));
    }
    note(changes, changed);
    if (!changes.isEmpty() || changed.size() == 2) {
      String line = MetricsLine.write(RunMetrics.resumed(begun.cursor(), changes, changed));
      try (LineWriter metrics = LineWriter.open(files.directory().metrics())) {
        metrics.append(List.of(line));
      }
      metricsBytes += LineWriter.bytes(line);
    }
    return new TrainingSnapshot(
        asked.withThreads(threads),
        begun.cursor(),
        begun.learner(),
        begun.tally(),
        metricsBytes,
        begun.best());
  }

  private void note(List<SettingChange> changes, List<ThreadCount> threads) {
    if (!changes.isEmpty()) {
      notices.add(
          "Going on with other settings: "
              + changes.stream().map(SettingChange::toString).collect(Collectors.joining("; ")));
    }
    if (threads.size() == 2) {
      notices.add(
          String.format(
              Locale.ROOT,
              "Going on with %d threads, before there were %d: results will differ in their last"
                  + " bits from those of one number of threads",
              threads.get(1).threads(),
              threads.get(0).threads()));
    }
  }

  private long cutMetrics(long bytes) throws IOException {
    try (LineWriter metrics = LineWriter.open(files.directory().metrics())) {
      long kept = metrics.cutTo(bytes);
      if (kept < bytes) {
        notices.add(
            "Lines of " + files.directory().metrics() + " from before the checkpoint are lost");
      }
      return kept;
    }
  }

  private void noteVersion(RunIdentity asked, RunIdentity begun) {
    if (!asked.codeVersion().equals(begun.codeVersion())) {
      notices.add(
          "The checkpoint was written by Merlon "
              + begun.codeVersion()
              + ", this is "
              + asked.codeVersion()
              + ": results may differ in their last bits");
    }
  }

  private int threads() {
    int chosen = request.settings().device().threads();
    return chosen > 0 ? chosen : TensorRuntime.threads();
  }

  private static String codeVersion() {
    return Optional.ofNullable(RunPreparation.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
