package dev.merlon.tests;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import dev.merlon.actors.training.TrainingProgress;
import dev.merlon.actors.training.TrainingRequest;
import dev.merlon.actors.training.TrainingService;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.EmbeddedDigits;
import dev.merlon.model.data.SampleOrder;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.optimize.Schedules;
import dev.merlon.model.training.Learner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A measurement, run by hand: median milliseconds of a training step in the pipeline and in a bare
 * loop over the same learner, from one step's end to the next, one line for each objective and
 * network. Both warm up first.
 */
public final class StepTimes {
  private static final int WARM_UP = 10;
  private static final int MEASURED = 30;

  private StepTimes() {}

  /** Takes {@code network:batch:objective} triples such as {@code cnn3:256:sabr}. */
  public static void main(String[] cases) throws IOException {
    Dataset images = new EmbeddedDigits(1).read(DataSplit.TRAIN);
    System.out.println("case                 bare ms  pipeline ms  ratio");
    for (String word : cases) {
      RunSettings settings = settings(word.split(":"));
      double bare = median(bareLoop(settings, images));
      double pipeline = median(pipeline(settings));
      System.out.printf(
          Locale.ROOT, "%-20s %7.1f  %11.1f  %5.3f%n", word, bare, pipeline, pipeline / bare);
    }
  }

  private static RunSettings settings(String[] words) {
    int batch = Integer.parseInt(words[1]);
    return Settings.load(
        "demo",
        List.of(
            "network.preset=" + words[0],
            "batch-size=" + batch,
            "objective.kind=" + words[2],
            "data.train-limit=" + batch * (WARM_UP + MEASURED),
            "epochs=1",
            "schedule.end-epoch=0",
            "optimizer.decay-epochs=",
            "batch-norm.precise=false"));
  }

  private static List<Long> bareLoop(RunSettings settings, Dataset all) {
    Dataset images = all.head(settings.data().trainLimit());
    Network network =
        Architectures.build(
            settings.network(),
            settings.batchNorm().momentum(),
            new Shape(1, 28, 28),
            images.classes());
    var order = SampleOrder.of(settings.seed(), images.size(), settings.batchSize());
    Schedules schedules = Schedules.of(settings, order.batchesPerEpoch());
    int[] permutation = order.permutation(0);
    var initial = new Initialiser(settings.initialisation()).draw(network, settings.seed());
    List<Long> ends = new ArrayList<>();
    try (Learner learner = Learner.create(settings, network, initial, Device.cpu())) {
      for (int step = 0; step < order.batchesPerEpoch(); step++) {
        Phase phase = schedules.phase(step);
        Batch batch = Batch.of(images, new Cursor(0, step), step, order.batch(permutation, step));
        learner.forward(learner.search(batch, phase), phase);
        learner.backward();
        learner.update(phase);
        ends.add(System.nanoTime());
      }
    }
    return ends;
  }

  private static List<Long> pipeline(RunSettings settings) throws IOException {
    Path directory = Files.createTempDirectory("step-times");
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "training");
    List<Long> ends = new ArrayList<>();
    try {
      var request = TrainingRequest.of(settings, Optional.empty(), directory, false);
      TrainingService.start(
              system,
              request,
              event -> {
                if (event instanceof TrainingProgress.Stepped) {
                  ends.add(System.nanoTime());
                }
              })
          .outcome()
          .toCompletableFuture()
          .join();
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().join();
    }
    return ends;
  }

  private static double median(List<Long> ends) {
    List<Long> times = new ArrayList<>();
    for (int i = WARM_UP; i < ends.size(); i++) {
      times.add(ends.get(i) - ends.get(i - 1));
    }
    times.sort(Long::compare);
    return times.get(times.size() / 2) / 1e6;
  }
}
