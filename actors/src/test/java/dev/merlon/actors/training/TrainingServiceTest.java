package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.actors.CapturedLog;
import dev.merlon.actors.RunningWork;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.training.BestModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class TrainingServiceTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  private static final RunSettings SETTINGS = TinyRun.settings();
  private static final RunParts.Stages HEALTHY = RunParts.standard().stages();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static ActorTestKit kit;
  private static byte[] expected;
  @TempDir private static Path elsewhere;
  @TempDir private Path directory;

  private record Result(TrainingOutcome outcome, List<TrainingProgress> progress) {
    <T extends TrainingProgress> List<T> all(Class<T> kind) {
      return progress.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }

  @BeforeAll
  static void trainWithoutActors() {
    kit = ActorTestKit.create();
    expected = TinyRun.bareLoop(SETTINGS, elsewhere.resolve("bare"));
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @AfterEach
  void assertNoTensorsLeft() {
    assertThat(NativeMemory.openScopes()).isEmpty();
  }

  @Test
  void start_undisturbed_equalsTheBareLoopInEveryBit() throws Exception {
    Result result = run(SETTINGS, false, TrainingServiceTest::never, HEALTHY);

    assertCompletedAsExpected(result);
    assertThat(directory.resolve("models/epoch-003.onnx")).hasBinaryContent(expected);
    assertThat(directory.resolve("models/epoch-001.onnx")).exists();
    assertThat(directory.resolve("run.conf")).hasContent(SETTINGS.render());
    assertThat(result.progress().get(0)).isInstanceOf(TrainingProgress.Started.class);
    assertThat(result.all(TrainingProgress.Stepped.class))
        .extracting(TrainingProgress.Stepped::completedSteps)
        .containsExactlyElementsOf(Stream.iterate(1L, s -> s + 1).limit(TinyRun.STEPS).toList());
    assertThat(result.all(TrainingProgress.EpochCompleted.class)).hasSize(TinyRun.EPOCHS);
    assertThat(result.all(TrainingProgress.Noticed.class)).isEmpty();
  }

  @Test
  void start_stoppedAgainAndAgain_resumesToTheSameBitsAndLines() throws Exception {
    run(SETTINGS, false, TrainingServiceTest::never, HEALTHY);
    List<ObjectNode> undisturbed = metrics();
    clear();
    SplittableRandom random = new SplittableRandom(7);
    Result result;
    int stops = 0;
    do {
      AtomicInteger left = new AtomicInteger(1 + random.nextInt(8));
      Predicate<TrainingProgress> now = progress -> isWork(progress) && left.decrementAndGet() == 0;
      result = run(SETTINGS, stops > 0, now, HEALTHY);
      stops++;
    } while (result.outcome() instanceof TrainingOutcome.Stopped && stops < 40);

    assertThat(stops).isBetween(4, 39);
    assertCompletedAsExpected(result);
    assertThat(metrics()).isEqualTo(undisturbed);
  }

  @Test
  void start_workerCrashesInEveryPartOfItsWork_replaysToTheSameBits() throws Exception {
    log.expectError("planted crash");
    log.expectError("failed");
    List<Predicate<Object>> crashes =
        List.of(
            nth(DeviceWorker.Load.class, 1),
            nth(DeviceWorker.TakeSnapshot.class, 2),
            nth(DeviceWorker.Search.class, 5),
            nth(DeviceWorker.AddStatistics.class, 3),
            nth(DeviceWorker.Forward.class, 14),
            nth(DeviceWorker.Backward.class, 16),
            nth(DeviceWorker.FinishStatistics.class, 2),
            nth(DeviceWorker.ApplyUpdate.class, 12));
    var fault =
        FaultyStages.fatal(
            command -> crashes.stream().filter(crash -> crash.test(command)).count() > 0);

    Result result = run(SETTINGS, false, TrainingServiceTest::never, FaultyStages.with(fault));

    assertCompletedAsExpected(result);
    assertThat(result.all(TrainingProgress.Noticed.class)).hasSize(crashes.size());
  }

  @Test
  void start_averagingInMicroBatches_endsWithTheAverageWhateverHappens() throws Exception {
    log.expectError("planted crash");
    log.expectError("failed");
    RunSettings settings =
        TinyRun.settings(
            "averaging.from-epoch=2", "optimizer.accumulate=3", "batch-norm.precise=false");
    byte[] bare = TinyRun.bareLoop(settings, elsewhere.resolve("averaging"));
    List<Predicate<Object>> crashes =
        List.of(
            nth(DeviceWorker.AverageWeights.class, 2),
            nth(DeviceWorker.AddStatistics.class, 8),
            nth(DeviceWorker.FinishStatistics.class, 3));
    var fault =
        FaultyStages.fatal(
            command -> crashes.stream().filter(crash -> crash.test(command)).count() > 0);

    Result result = run(settings, false, isStep(12), FaultyStages.with(fault));
    assertThat(result.outcome()).isInstanceOf(TrainingOutcome.Stopped.class);
    result = run(settings, true, TrainingServiceTest::never, FaultyStages.with(fault));

    assertThat(result.outcome()).isInstanceOf(TrainingOutcome.Completed.class);
    assertThat(directory.resolve("final.onnx")).hasBinaryContent(bare);
    assertThat(directory.resolve("models/epoch-003-averaged.onnx")).hasBinaryContent(bare);
    assertThat(directory.resolve("models/epoch-002-averaged.onnx")).exists();
    assertThat(directory.resolve("models/epoch-001-averaged.onnx")).doesNotExist();
    assertThat(Files.readAllBytes(directory.resolve("models/epoch-003.onnx"))).isNotEqualTo(bare);
  }

  @Test
  void start_patienceOver_stopsEarlyWithTheBestModelAlsoWhenResumed() throws Exception {
    // Steps too small to change a decision: every model is as good as the first.
    RunSettings settings =
        TinyRun.settings(
            "data.validation=70",
            "data.train-limit=210",
            "selection.metric=natural",
            "selection.from-epoch=1",
            "selection.patience=1",
            "optimizer.learning-rate=1e-30");

    Result result = run(settings, false, isStep(7), HEALTHY);
    assertThat(result.outcome()).isInstanceOf(TrainingOutcome.Stopped.class);
    result = run(settings, true, TrainingServiceTest::never, HEALTHY);
    assertStoppedEarly(result);
    assertThat(metrics().stream().filter(line -> line.path("event").asText().equals("epoch")))
        .hasSize(2)
        .allSatisfy(
            line -> {
              assertThat(line.path("best-score").asDouble())
                  .isEqualTo(line.path("validation-natural-accuracy").asDouble())
                  .isPositive();
              assertThat(line.path("best-epoch").asInt()).isEqualTo(1);
            });

    Result again = run(settings, true, TrainingServiceTest::never, HEALTHY);
    assertThat(again.all(TrainingProgress.Stepped.class)).isEmpty();
    assertStoppedEarly(again);
  }

  @Test
  void start_everyScoreZero_keepsTheLastModelAlsoWhenResumed() throws Exception {
    // No image is proved for so large a radius.
    RunSettings settings =
        TinyRun.settings(
            "data.validation=70",
            "data.train-limit=210",
            "selection.metric=certified",
            "selection.threat=linf:0.9",
            "selection.from-epoch=1",
            "selection.patience=1",
            "evaluation.threats=linf:0.01,linf:0.9");

    run(settings, false, isStep(7), HEALTHY);
    Result result = run(settings, true, TrainingServiceTest::never, HEALTHY);

    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            TrainingOutcome.Completed.class,
            completed -> {
              assertThat(completed.origin().epoch()).isEqualTo(TinyRun.EPOCHS);
              assertThat(completed.origin().choice().orElseThrow().best())
                  .isEqualTo(new BestModel(TinyRun.EPOCHS, 0));
            });
    byte[] last = Files.readAllBytes(directory.resolve("models/epoch-003.onnx"));
    assertThat(directory.resolve("models/best.onnx")).hasBinaryContent(last);
    assertThat(directory.resolve("final.onnx")).hasBinaryContent(last);
  }

  private void assertStoppedEarly(Result result) throws IOException {
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            TrainingOutcome.Completed.class,
            completed -> {
              assertThat(completed.epochs()).isEqualTo(2);
              assertThat(completed.origin().epoch()).isEqualTo(1);
              assertThat(completed.origin().choice().orElseThrow().best())
                  .satisfies(best -> assertThat(best.epoch()).isEqualTo(1))
                  .satisfies(best -> assertThat(best.isChosen()).isTrue());
            });
    byte[] first = Files.readAllBytes(directory.resolve("models/epoch-001.onnx"));
    assertThat(directory.resolve("models/best.onnx")).hasBinaryContent(first);
    assertThat(directory.resolve("final.onnx")).hasBinaryContent(first);
    assertThat(directory.resolve("models/epoch-002.onnx")).exists();
    assertThat(directory.resolve("models/epoch-003.onnx")).doesNotExist();
  }

  @Test
  void start_comparedOnTheTestImages_keepsTheLastModelWhereAsked() throws Exception {
    RunSettings settings =
        TinyRun.settings(
            "selection.metric=natural",
            "selection.split=test",
            "selection.final=last",
            "data.test-limit=100");

    Result result = run(settings, false, TrainingServiceTest::never, HEALTHY);

    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            TrainingOutcome.Completed.class,
            completed -> {
              assertThat(completed.origin().epoch()).isEqualTo(TinyRun.EPOCHS);
              assertThat(completed.origin().choice().orElseThrow().best().epoch())
                  .isBetween(2, TinyRun.EPOCHS);
            });
    assertThat(Files.readAllBytes(directory.resolve("final.onnx")))
        .isEqualTo(Files.readAllBytes(directory.resolve("models/epoch-003.onnx")));
  }

  @Test
  void start_comparedWithoutValidationImages_isRefusedBeforeAnythingIsWritten() throws Exception {
    log.expectError("The run could not begin");
    Path untouched = directory.resolve("untouched");
    TrainingRequest request =
        TinyRun.request(TinyRun.settings("selection.metric=natural"), untouched, false);

    TrainingOutcome outcome =
        TrainingService.start(kit.system(), request, event -> {}, TinyRun.parts(HEALTHY))
            .result()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);

    assertParked(
        new Result(outcome, List.of()),
        Failure.Configuration.class,
        "no validation images to compare models on");
    assertThat(untouched).doesNotExist();
  }

  @Test
  void start_workerHangs_isReplacedAfterTheTimeout() throws Exception {
    log.expectError("Attempt 1 failed");
    RunSettings impatient = TinyRun.settings("pipeline.ask-timeout=3 s");
    byte[] bare = TinyRun.bareLoop(impatient, elsewhere.resolve("impatient"));
    var silent = FaultyStages.silent(nth(DeviceWorker.Backward.class, 7));

    Result result = run(impatient, false, TrainingServiceTest::never, FaultyStages.with(silent));

    assertThat(result.outcome()).isInstanceOf(TrainingOutcome.Completed.class);
    assertThat(directory.resolve("final.onnx")).hasBinaryContent(bare);
    assertThat(result.all(TrainingProgress.Noticed.class)).hasSize(1);
  }

  @Test
  void start_lossIsNotANumber_parksAtOnceWithItsReason() throws Exception {
    log.expectError("Attempt 1 failed");
    RunSettings steep = TinyRun.settings("network.batch-norm=false");
    TrainingRequest request =
        TinyRun.request(steep, directory, false).startingFrom(TinyRun.overflowing(steep));
    List<TrainingProgress> progress = new CopyOnWriteArrayList<>();

    TrainingOutcome outcome =
        TrainingService.start(kit.system(), request, progress::add, TinyRun.parts())
            .result()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS);

    Result result = new Result(outcome, List.copyOf(progress));
    assertParked(
        result,
        Failure.Numeric.class,
        "The loss of step 1 (epoch 1) is NaN: natural NaN, robust NaN, regulariser");
    assertThat(result.all(TrainingProgress.Noticed.class)).isEmpty();
  }

  @Test
  void start_sameStepFailsAgainAndAgain_parksWithItsReason() throws Exception {
    log.expectError("planted crash");
    log.expectError("failed");
    var fault =
        FaultyStages.fatal(
            command ->
                command instanceof DeviceWorker.ApplyUpdate update
                    && update.phase().globalStep() == 8);

    Result result = run(SETTINGS, false, TrainingServiceTest::never, FaultyStages.with(fault));

    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            TrainingOutcome.Parked.class,
            parked ->
                assertThat(parked.failure())
                    .isInstanceOf(Failure.Internal.class)
                    .extracting(Failure::message)
                    .isEqualTo(
                        "The device worker failed unexpectedly: IllegalStateException: planted"
                            + " crash"));
    assertThat(result.all(TrainingProgress.Noticed.class)).hasSize(3);
    assertCompletedAsExpected(run(SETTINGS, true, TrainingServiceTest::never, HEALTHY));
  }

  @Test
  void start_directoryHoldsARun_isRefusedWithoutResume() throws Exception {
    log.expectError("The run could not begin");
    run(SETTINGS, false, TrainingServiceTest::never, HEALTHY);

    Result again = run(SETTINGS, false, TrainingServiceTest::never, HEALTHY);

    assertParked(again, Failure.Configuration.class, "already holds a run");
  }

  @Test
  void start_resumedWithOtherSettings_isRefusedByTheirDifference() throws Exception {
    log.expectError("The run could not begin");
    run(SETTINGS, false, isStep(4), HEALTHY);

    Result other = run(TinyRun.settings("seed=5"), true, TrainingServiceTest::never, HEALTHY);

    assertParked(other, Failure.Configuration.class, "seed was 0, is now 5");
  }

  @Test
  void start_resumedAfterItsEnd_completesWithTheSameModel() throws Exception {
    run(SETTINGS, false, TrainingServiceTest::never, HEALTHY);
    Files.delete(directory.resolve("final.onnx"));

    Result again = run(SETTINGS, true, TrainingServiceTest::never, HEALTHY);

    assertCompletedAsExpected(again);
    assertThat(again.all(TrainingProgress.Stepped.class)).isEmpty();
  }

  @Test
  void start_newestCheckpointDamaged_resumesFromTheOneBeforeAndSaysSo() throws Exception {
    run(SETTINGS, false, isStep(9), HEALTHY);
    Path newest;
    try (Stream<Path> files = Files.list(directory.resolve("checkpoints"))) {
      newest = files.sorted().reduce((a, b) -> b).orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(newest, bytes);

    Result resumed = run(SETTINGS, true, TrainingServiceTest::never, HEALTHY);

    assertCompletedAsExpected(resumed);
    assertThat(resumed.all(TrainingProgress.Noticed.class))
        .singleElement()
        .satisfies(notice -> assertThat(notice.message()).contains(newest.toString()));
  }

  @Test
  void start_directoryInUse_isRefused() throws Exception {
    log.expectError("The run could not begin");
    RunFiles taken = RunFiles.open(directory, SETTINGS, Optional.empty(), true);

    Result second = run(SETTINGS, true, TrainingServiceTest::never, HEALTHY);

    taken.close();
    assertParked(second, Failure.Configuration.class, "Another run works in");
  }

  @Test
  void start_diskFullForCheckpoints_saysSoAndParks() throws Exception {
    log.expectError("Checkpoint of step");
    Path full = Path.of("/dev/full");
    Assumptions.assumeThat(Files.exists(full)).as("needs /dev/full").isTrue();
    Predicate<TrainingProgress> plant =
        progress -> {
          if (progress instanceof TrainingProgress.Started) {
            plantFullDisk(full, TinyRun.STEPS);
          }
          return false;
        };
    RunSettings settings = TinyRun.settings("checkpoint.every-steps=1");

    Result result = run(settings, false, plant, HEALTHY);

    assertParked(result, Failure.Device.class, "cannot be written", "no space left");
    assertThat(result.all(TrainingProgress.Noticed.class)).hasSizeGreaterThan(3);
    assertThat(directory.resolve("final.onnx")).doesNotExist();
  }

  private void plantFullDisk(Path full, long steps) {
    try {
      Path folder = Files.createDirectories(directory.resolve("checkpoints"));
      for (long step = 1; step <= steps; step++) {
        for (int epoch = 0; epoch <= TinyRun.EPOCHS; epoch++) {
          String name = String.format(Locale.ROOT, "step-%09d-epoch-%04d.merlon.part", step, epoch);
          Files.createSymbolicLink(folder.resolve(name), full);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private Result run(
      RunSettings settings,
      boolean resume,
      Predicate<TrainingProgress> stopWhen,
      RunParts.Stages stages)
      throws Exception {
    List<TrainingProgress> progress = new CopyOnWriteArrayList<>();
    CompletableFuture<RunningWork<TrainingOutcome>> handle = new CompletableFuture<>();
    handle.complete(
        TrainingService.start(
            kit.system(),
            TinyRun.request(settings, directory, resume),
            event -> {
              progress.add(event);
              if (stopWhen.test(event)) {
                handle.join().stop();
              }
            },
            TinyRun.parts(stages)));
    TrainingOutcome outcome =
        handle.get().result().toCompletableFuture().get(240, TimeUnit.SECONDS);
    return new Result(outcome, List.copyOf(progress));
  }

  private void assertCompletedAsExpected(Result result) {
    assertThat(result.outcome()).isInstanceOf(TrainingOutcome.Completed.class);
    assertThat(directory.resolve("final.onnx")).hasBinaryContent(expected);
  }

  private static void assertParked(
      Result result, Class<? extends Failure> kind, String... messageParts) {
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            TrainingOutcome.Parked.class,
            parked ->
                assertThat(parked.failure())
                    .isInstanceOf(kind)
                    .extracting(Failure::message)
                    .asString()
                    .contains(messageParts));
  }

  /** The lines of the metrics without what depends on the clock. */
  private List<ObjectNode> metrics() throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("metrics.jsonl"))) {
      ObjectNode node = (ObjectNode) JSON.readTree(line);
      node.remove(List.of("seconds", "images-per-second"));
      lines.add(node);
    }
    return lines;
  }

  private void clear() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean never(TrainingProgress progress) {
    return false;
  }

  private static boolean isWork(TrainingProgress progress) {
    return progress instanceof TrainingProgress.Stepped
        || progress instanceof TrainingProgress.StatisticsAdvanced;
  }

  private static Predicate<TrainingProgress> isStep(long step) {
    return progress ->
        progress instanceof TrainingProgress.Stepped stepped && stepped.completedSteps() == step;
  }

  private static Predicate<Object> nth(Class<?> kind, int number) {
    AtomicInteger seen = new AtomicInteger();
    return command -> kind.isInstance(command) && seen.incrementAndGet() == number;
  }
}
