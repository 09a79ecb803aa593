package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.CapturedLog;
import dev.merlon.actors.RunningWork;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.config.RunSettings;
import dev.merlon.config.objective.ObjectiveSettings;
import dev.merlon.model.tensor.NativeMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of every objective through the pipeline, against the plain loop over the same learners. */
class ObjectiveRunsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static ActorTestKit kit;

  @RegisterExtension final CapturedLog log = new CapturedLog();
  @TempDir Path directory;
  @TempDir Path elsewhere;

  @BeforeAll
  static void startSystem() {
    kit = ActorTestKit.create("objective-runs");
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @AfterEach
  void assertNoTensorsLeft() {
    assertThat(NativeMemory.openScopes()).isEmpty();
  }

  static List<String> kinds() {
    return ObjectiveSettings.KINDS;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void start_anyObjective_equalsTheBareLoopInEveryBit(String kind) throws Exception {
    RunSettings settings = settings(kind);
    byte[] bare = TinyRun.bareLoop(settings, elsewhere.resolve("bare"));

    assertThat(run(settings, false, ObjectiveRunsTest::never))
        .isInstanceOf(TrainingOutcome.Completed.class);

    assertThat(directory.resolve("final.onnx")).hasBinaryContent(bare);
  }

  @ParameterizedTest
  @ValueSource(strings = {"side-by-side", "in-turn"})
  void start_stoppedInsideProjectionEpochs_resumesToTheSameBits(String order) throws Exception {
    RunSettings settings = scratch("objective.projection.branches=" + order);
    byte[] bare = TinyRun.bareLoop(settings, elsewhere.resolve("bare"));

    // Epochs 2 and 3 project: steps 6 to 15. Stops fall behind steps 7, 10 and 13.
    boolean resume = false;
    for (long step : List.of(7L, 10L, 13L)) {
      assertThat(run(settings, resume, stepDone(step))).isInstanceOf(TrainingOutcome.Stopped.class);
      resume = true;
    }
    assertThat(run(settings, true, ObjectiveRunsTest::never))
        .isInstanceOf(TrainingOutcome.Completed.class);

    assertThat(directory.resolve("final.onnx")).hasBinaryContent(bare);
  }

  @Test
  void start_workerOfABranchCrashes_replaysToTheSameBits() throws Exception {
    log.expectError("planted crash");
    log.expectError("failed");
    RunSettings settings = scratch();
    byte[] bare = TinyRun.bareLoop(settings, elsewhere.resolve("bare"));
    AtomicInteger natural = new AtomicInteger();
    AtomicInteger certified = new AtomicInteger();
    var naturalFault =
        FaultyStages.in(
            Roles.NATURAL_WORKER,
            FaultyStages.fatal(
                command ->
                    command instanceof DeviceWorker.ApplyUpdate && natural.incrementAndGet() == 4));
    var certifiedFault =
        FaultyStages.in(
            Roles.WORKER,
            FaultyStages.fatal(
                command ->
                    command instanceof DeviceWorker.Backward && certified.incrementAndGet() == 14));
    RunParts parts =
        TinyRun.parts(
            FaultyStages.with(
                (role, command) ->
                    naturalFault.happens(role, command) || certifiedFault.happens(role, command)));

    TrainingOutcome outcome = run(settings, false, ObjectiveRunsTest::never, parts);

    assertThat(outcome).isInstanceOf(TrainingOutcome.Completed.class);
    assertThat(natural.get()).isGreaterThan(4);
    assertThat(certified.get()).isGreaterThan(14);
    assertThat(directory.resolve("final.onnx")).hasBinaryContent(bare);
  }

  @Test
  void start_projecting_writesTheCosinesOfEveryTensor() throws Exception {
    run(scratch(), false, ObjectiveRunsTest::never);

    List<JsonNode> epochs = epochs();
    assertThat(epochs).hasSize(3);
    assertThat(epochs.get(0).has("update-cosines")).isFalse();
    for (JsonNode epoch : epochs.subList(1, 3)) {
      JsonNode cosines = epoch.path("update-cosines");
      assertThat(cosines.size()).isGreaterThan(6);
      Set<Double> values = new HashSet<>();
      cosines.forEach(cosine -> values.add(cosine.asDouble()));
      assertThat(values).allSatisfy(value -> assertThat(value).isBetween(-1.0, 1.0));
      // Two different updates: neither opposite, nor equal, nor strangers in every tensor.
      assertThat(values).hasSizeGreaterThan(6).anyMatch(value -> Math.abs(value) > 0.1);
      assertThat(epoch.path("merge-seconds").asDouble()).isNotNegative();
    }
  }

  @Test
  void start_projectionOfNoWeight_trainsOneBranchAndComparesNothing() throws Exception {
    RunSettings none = scratch("objective.projection.weight=0");
    byte[] bare = TinyRun.bareLoop(none, elsewhere.resolve("without"));
    byte[] projected = TinyRun.bareLoop(scratch(), elsewhere.resolve("with"));

    run(none, false, ObjectiveRunsTest::never);

    assertThat(directory.resolve("final.onnx")).hasBinaryContent(bare);
    assertThat(projected).isNotEqualTo(bare);
    assertThat(epochs()).hasSize(3).noneMatch(epoch -> epoch.has("update-cosines"));
  }

  private static RunSettings scratch(String... more) {
    return settings("cure-scratch", more);
  }

  /** The radius is final after the first of three epochs of five steps. */
  private static RunSettings settings(String kind, String... more) {
    List<String> overrides =
        new ArrayList<>(List.of("objective.kind=" + kind, "schedule.end-epoch=1"));
    if (kind.startsWith("cure")) {
      overrides.add("objective.threats=linf:0.1,l2:0.5");
      overrides.add("objective.regions.l2.attack.steps=2");
    }
    if (kind.equals("taps") || kind.equals("staps")) {
      overrides.addAll(
          List.of("objective.taps.attack.steps=2", "objective.taps.attack.restarts=1"));
    }
    if (kind.equals("cure-finetune")) {
      overrides.add("schedule.end-epoch=0");
    }
    overrides.addAll(List.of(more));
    return TinyRun.objective(overrides.toArray(String[]::new));
  }

  private static boolean never(TrainingProgress progress) {
    return false;
  }

  private static Predicate<TrainingProgress> stepDone(long step) {
    return progress ->
        progress instanceof TrainingProgress.Stepped stepped && stepped.completedSteps() == step;
  }

  private TrainingOutcome run(
      RunSettings settings, boolean resume, Predicate<TrainingProgress> stopWhen) throws Exception {
    return run(settings, resume, stopWhen, TinyRun.parts());
  }

  private TrainingOutcome run(
      RunSettings settings, boolean resume, Predicate<TrainingProgress> stopWhen, RunParts parts)
      throws Exception {
    CompletableFuture<RunningWork<TrainingOutcome>> handle = new CompletableFuture<>();
    handle.complete(
        TrainingService.start(
            kit.system(),
            TinyRun.request(settings, directory, resume),
            event -> {
              if (stopWhen.test(event)) {
                handle.join().stop();
              }
            },
            parts));
    return handle.get().result().toCompletableFuture().get(240, TimeUnit.SECONDS);
  }

  private List<JsonNode> epochs() throws IOException {
    try (Stream<String> lines = Files.lines(directory.resolve("metrics.jsonl"))) {
      List<JsonNode> epochs = new ArrayList<>();
      for (String line : lines.toList()) {
        JsonNode node = JSON.readTree(line);
        if (node.path("event").asText().equals("epoch")) {
          epochs.add(node);
        }
      }
      return epochs;
    }
  }
}
