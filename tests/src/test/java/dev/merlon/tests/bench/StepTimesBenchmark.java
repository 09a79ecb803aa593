package dev.merlon.tests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.actors.training.TrainingRequest;
import dev.merlon.actors.training.TrainingService;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.model.data.EmbeddedDigits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Median time of a training step, through the actor pipeline and in a bare loop over the same
 * learner, one after the other in one process. Not part of the test run: it is started by name,
 * prints a row of a table as soon as it has it and asserts no time.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StepTimesBenchmark {
  private static final int WARM_UP = 5;

  private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "step-times");

  @TempDir private Path directory;

  @BeforeAll
  void head() {
    System.out.println("| network | batch | objective | pipeline, ms | bare loop, ms | ratio |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
  }

  @AfterAll
  void stop() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({
    "cnn3, 16, 256, natural, 35",
    "cnn3, 16, 256, ibp, 35",
    "cnn3, 16, 256, sabr, 35",
    "cnn3, 16, 256, taps, 11",
    "cnn3, 16, 256, staps, 11",
    "cnn3, 16, 256, crown-ibp, 17",
    "cnn3, 16, 256, mtl-ibp, 17",
    "cnn3, 16, 256, cc-ibp, 17",
    "cnn3, 16, 256, exp-ibp, 17",
    "cnn3, 16, 256, cure-joint, 13",
    "cnn3, 16, 256, cure-max, 13",
    "cnn3, 16, 256, cure-random, 17",
    "cnn3, 16, 256, cure-scratch, 13",
    "cnn7, 64, 64, natural, 13",
    "cnn7, 64, 64, ibp, 13",
    "cnn7, 64, 64, sabr, 11"
  })
  void medianStep_ofPipelineAndBareLoop(
      String network, int width, int batch, String objective, int steps) throws Exception {
    RunSettings settings = settings(network, width, batch, objective, steps);
    TrainingRequest request =
        new TrainingRequest(
            settings,
            EmbeddedDigits.standard(),
            directory.resolve(network + "-" + objective),
            false);

    // Both halves of the bare loop surround the pipeline, so that a change of the machine's load
    // shows in both.
    List<Double> bare =
        new ArrayList<>(SequentialLoop.stepMillis(settings, request.data(), WARM_UP));
    double pipeline = median(pipelineMillis(request));
    bare.addAll(SequentialLoop.stepMillis(settings, request.data(), WARM_UP));

    double loop = median(bare);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %s | %.1f | %.1f | %.2f |%n",
        network,
        batch,
        objective,
        pipeline,
        loop,
        pipeline / loop);
    assertThat(bare).hasSize(2 * (steps - WARM_UP));
  }

  private static RunSettings settings(
      String network, int width, int batch, String objective, int steps) {
    return Settings.load(
        "demo",
        List.of(
            "objective.kind=" + objective,
            "network.preset=" + network,
            "network.width=" + width,
            "batch-size=" + batch,
            "epochs=1",
            "optimizer.decay-epochs=[]",
            "schedule.end-epoch=0",
            "batch-norm.precise=false",
            "checkpoint.every=0s",
            "data.train-limit=" + batch * steps));
  }

  private List<Double> pipelineMillis(TrainingRequest request) throws Exception {
    List<Long> stamps = new ArrayList<>();
    TrainingService.start(
            system,
            request,
            progress -> {
              if (progress instanceof TrainingProgress.Stepped) {
                stamps.add(System.nanoTime());
              }
            })
        .result()
        .toCompletableFuture()
        .get(10, TimeUnit.MINUTES);
    List<Double> millis = new ArrayList<>();
    for (int i = WARM_UP; i < stamps.size(); i++) {
      millis.add((stamps.get(i) - stamps.get(i - 1)) / 1e6);
    }
    return millis;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
