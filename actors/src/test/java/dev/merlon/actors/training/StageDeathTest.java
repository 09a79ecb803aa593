package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import dev.merlon.actors.CapturedLog;
import dev.merlon.actors.RunningWork;
import dev.merlon.actors.Stage;
import dev.merlon.actors.device.DeviceWorker;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.tensor.NativeMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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

/** A run with two branches, each of whose stages dies: it goes on at once and ends as it would. */
class StageDeathTest {
  /** Longer than a test waits: whoever waits for a dead stage fails the test. */
  private static final String HANGING = "pipeline.ask-timeout=1 h";

  // Epochs 2 and 3, steps 6 to 15, have two branches.
  private static final RunSettings SETTINGS =
      TinyRun.objective(
          "objective.kind=cure-scratch",
          "objective.threats=linf:0.1,l2:0.5",
          "objective.regions.l2.attack.steps=2",
          "schedule.end-epoch=1",
          HANGING);

  private static ActorTestKit kit;
  private static byte[] expected;
  @TempDir private static Path elsewhere;
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @TempDir private Path directory;

  private record Result(TrainingOutcome outcome, List<TrainingProgress> progress) {
    List<String> notices() {
      return progress.stream()
          .filter(TrainingProgress.Noticed.class::isInstance)
          .map(event -> ((TrainingProgress.Noticed) event).message())
          .toList();
    }

    Failure failure() {
      return ((TrainingOutcome.Parked) outcome).failure();
    }
  }

  @BeforeAll
  static void trainWithoutActors() {
    kit = ActorTestKit.create("stage-death");
    expected = TinyRun.bareLoop(SETTINGS, elsewhere.resolve("bare"));
  }

  @AfterAll
  static void stopSystem() {
    kit.shutdownTestKit();
  }

  @AfterEach
  void assertNothingLeft() {
    assertThat(NativeMemory.openScopes()).isEmpty();
  }

  private record Death(Stage.Role<?> role, Class<?> command, int number, Throwable reason) {
    static Death of(Stage.Role<?> role, Class<?> command, int number) {
      return new Death(role, command, number, new IllegalStateException("planted crash"));
    }

    FaultyStages.Fault fault() {
      return FaultyStages.in(role, FaultyStages.fatal(nth(command, number), reason));
    }
  }

  // Numbers count the commands of the whole run, replays among them.
  static Stream<List<Death>> deaths() {
    return Stream.of(
        List.of(
            Death.of(Roles.LOADER, DataLoader.LoadBatch.class, 1),
            Death.of(Roles.LOADER, DataLoader.LoadBatch.class, 9),
            Death.of(Roles.LOADER, DataLoader.LoadBatch.class, 21)),
        List.of(
            Death.of(Roles.SEARCHER, AttackSearcher.SearchStep.class, 1),
            Death.of(Roles.SEARCHER, AttackSearcher.UpdatesCommitted.class, 3),
            Death.of(Roles.SEARCHER, AttackSearcher.SearchStep.class, 12)),
        List.of(
            Death.of(Roles.PROPAGATOR, BoundPropagator.Propagate.class, 1),
            Death.of(Roles.PROPAGATOR, BoundPropagator.Propagate.class, 4),
            Death.of(Roles.PROPAGATOR, BoundPropagator.Propagate.class, 13)),
        List.of(
            Death.of(Roles.COMPARATOR, UpdateComparator.Load.class, 1),
            Death.of(Roles.COMPARATOR, UpdateComparator.BeginEpoch.class, 1),
            Death.of(Roles.COMPARATOR, UpdateComparator.StepNatural.class, 1),
            Death.of(Roles.COMPARATOR, UpdateComparator.StepsJoined.class, 3),
            Death.of(Roles.COMPARATOR, UpdateComparator.CopyBranch.class, 3),
            Death.of(Roles.COMPARATOR, UpdateComparator.Merge.class, 1)),
        List.of(
            Death.of(Roles.WORKER, DeviceWorker.Load.class, 1),
            Death.of(Roles.WORKER, DeviceWorker.Forward.class, 7),
            Death.of(Roles.NATURAL_WORKER, DeviceWorker.TakeSnapshot.class, 2),
            Death.of(Roles.NATURAL_WORKER, DeviceWorker.ApplyUpdate.class, 6)),
        List.of(
            new Death(Roles.LOADER, DataLoader.LoadBatch.class, 3, new StackOverflowError()),
            new Death(Roles.SEARCHER, AttackSearcher.SearchStep.class, 5, outOfMemory()),
            new Death(
                Roles.PROPAGATOR, BoundPropagator.Propagate.class, 8, new StackOverflowError()),
            new Death(Roles.COMPARATOR, UpdateComparator.StepNatural.class, 2, outOfMemory()),
            new Death(Roles.WORKER, DeviceWorker.Backward.class, 14, new StackOverflowError())));
  }

  private static OutOfMemoryError outOfMemory() {
    return new OutOfMemoryError("Java heap space");
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void start_stageDies_replaysAtOnceToTheSameBits(List<Death> deaths) throws Exception {
    log.expectError("failed");
    deaths.forEach(death -> log.expectError(logged(death.reason())));

    Result result = run(withFaults(deaths.stream().map(Death::fault).toList()), event -> {});

    assertCompletedAsExpected(result);
    assertThat(result.notices())
        .hasSameSizeAs(deaths)
        .allMatch(notice -> notice.contains("; going on after step "))
        .noneMatch(notice -> notice.contains("akka://"));
    for (Death death : deaths) {
      assertThat(result.notices())
          .anyMatch(notice -> notice.startsWith("The " + death.role().words() + " "));
    }
  }

  // Akka logs the message of what an actor dies of; an error is that message itself.
  private static String logged(Throwable reason) {
    // Whoever logs it has it as the message or as a cause, whose type is no part of what it says.
    return Optional.ofNullable(reason.getMessage()).orElseGet(reason::toString);
  }

  @Test
  void start_checkpointerDies_writesEverythingAllTheSame() throws Exception {
    log.expectError("The checkpointer failed");
    log.expectError("planted crash");
    log.expectError("Java heap space");
    run(RunParts.standard().stages(), event -> {});
    RunDirectoryContent undisturbed = RunDirectoryContent.of(directory);
    RunDirectoryContent.clear(directory);
    List<FaultyStages.Fault> faults =
        Stream.of(
                Death.of(Roles.CHECKPOINTER, Checkpointer.Save.class, 2),
                Death.of(Roles.CHECKPOINTER, Checkpointer.AppendMetrics.class, 1),
                new Death(Roles.CHECKPOINTER, Checkpointer.WriteModel.class, 2, outOfMemory()),
                Death.of(Roles.CHECKPOINTER, Checkpointer.WriteModel.class, 3),
                Death.of(Roles.CHECKPOINTER, Checkpointer.Flush.class, 1))
            .map(Death::fault)
            .toList();

    Result result = run(withFaults(faults), event -> {});

    assertCompletedAsExpected(result);
    assertThat(result.notices())
        .hasSameSizeAs(faults)
        .allSatisfy(notice -> assertThat(notice).startsWith("The checkpointer "))
        .noneMatch(notice -> notice.contains("akka://"));
    assertThat(RunDirectoryContent.of(directory)).isEqualTo(undisturbed);
  }

  @Test
  void start_stagesDieBetweenTheirCommands_goesOnToTheSameBits() throws Exception {
    log.expectError("planted crash");
    log.expectError("failed");
    FaultyStages stages = FaultyStages.healthy();
    List<Stage.Role<?>> order = stages().toList();
    AtomicInteger steps = new AtomicInteger();

    // After every other step, replayed ones among them; from the sixth on there are two branches.
    Result result =
        run(
            stages,
            event -> {
              if (event instanceof TrainingProgress.Stepped
                  && steps.incrementAndGet() % 2 == 1
                  && steps.get() / 2 < order.size()) {
                stages.kill(order.get(steps.get() / 2));
              }
            });

    assertCompletedAsExpected(result);
    assertThat(result.notices()).hasSameSizeAs(order);
    for (int i = 0; i < order.size(); i++) {
      assertThat(result.notices().get(i))
          .startsWith(
              "The " + order.get(i).words() + " failed unexpectedly: IllegalStateException");
    }
  }

  static Stream<Stage.Role<?>> stages() {
    return Stream.of(
        Roles.LOADER,
        Roles.SEARCHER,
        Roles.PROPAGATOR,
        Roles.COMPARATOR,
        Roles.WORKER,
        Roles.NATURAL_WORKER,
        Roles.CHECKPOINTER,
        Roles.ATTEMPT);
  }

  @Test
  void start_stageDiesInItsReplayToo_goesOnToTheSameBits() throws Exception {
    log.expectError("planted crash");
    log.expectError("failed");
    List<FaultyStages.Fault> faults =
        Stream.of(
                Death.of(Roles.LOADER, DataLoader.LoadBatch.class, 3),
                Death.of(Roles.LOADER, DataLoader.LoadBatch.class, 4),
                Death.of(Roles.COMPARATOR, UpdateComparator.StepNatural.class, 3),
                Death.of(Roles.COMPARATOR, UpdateComparator.StepNatural.class, 4))
            .map(Death::fault)
            .toList();

    Result result = run(withFaults(faults), event -> {});

    assertCompletedAsExpected(result);
    assertThat(result.notices()).hasSameSizeAs(faults);
  }

  @ParameterizedTest
  @MethodSource("stages")
  void start_stageDiesAgainAndAgain_endsWithTheTrueReason(Stage.Role<?> role) throws Exception {
    log.expectError("planted crash");
    log.expectError("failed");
    AtomicInteger seen = new AtomicInteger();
    var fault = FaultyStages.in(role, FaultyStages.fatal(c -> seen.incrementAndGet() > 2));

    Result result = run(FaultyStages.with(fault), event -> {});

    assertThat(result.failure())
        .isEqualTo(
            new Failure.Internal(
                "The "
                    + role.words()
                    + " failed unexpectedly: IllegalStateException: planted crash",
                "Please report this with the log."));
    assertThat(result.notices()).hasSize(3).noneMatch(notice -> notice.contains("akka://"));
  }

  @Test
  void start_loaderDiesOfBadData_endsAtOnceWithItsFailure() throws Exception {
    log.expectError("damaged");
    log.expectError("failed");
    Failure damaged = new Failure.Data("Image 7 is damaged", "Fetch the data again.");
    var fault =
        FaultyStages.in(
            Roles.LOADER,
            FaultyStages.fatal(nth(DataLoader.LoadBatch.class, 9), new MerlonException(damaged)));

    Result result = run(FaultyStages.with(fault), event -> {});

    assertThat(result.failure()).isEqualTo(damaged);
    assertThat(result.notices()).isEmpty();
  }

  @Test
  void start_runItselfDies_endsWithTheTrueReason() throws Exception {
    log.expectError("planted crash");
    var fault =
        FaultyStages.in(Roles.RUN, FaultyStages.fatal(nth(TrainingAttempt.StepDone.class, 3)));

    Result result = run(FaultyStages.with(fault), event -> {});

    assertThat(result.failure().message())
        .isEqualTo("The training run failed unexpectedly: IllegalStateException: planted crash");
    assertCompletedAsExpected(resume(RunParts.standard().stages()));
  }

  @Test
  void start_stageDiesWhileTheRunIsResumed_goesOnToTheSameBits() throws Exception {
    log.expectError("planted crash");
    log.expectError("failed");
    CompletableFuture<RunningWork<TrainingOutcome>> handle = new CompletableFuture<>();
    handle.complete(
        start(
            false,
            RunParts.standard().stages(),
            event -> {
              if (event instanceof TrainingProgress.Stepped stepped
                  && stepped.completedSteps() == 8) {
                handle.join().stop();
              }
            }));
    assertThat(await(handle.join())).isInstanceOf(TrainingOutcome.Stopped.class);
    var loads =
        FaultyStages.in(Roles.COMPARATOR, FaultyStages.fatal(nth(UpdateComparator.Load.class, 1)));
    var searches =
        FaultyStages.in(
            Roles.SEARCHER, FaultyStages.fatal(nth(AttackSearcher.SearchStep.class, 1)));

    Result resumed =
        resume(
            FaultyStages.with(
                (role, command) ->
                    loads.happens(role, command) || searches.happens(role, command)));

    assertCompletedAsExpected(resumed);
    assertThat(resumed.notices()).hasSize(2);
  }

  private Result run(RunParts.Stages stages, Consumer<TrainingProgress> watcher) throws Exception {
    List<TrainingProgress> progress = new CopyOnWriteArrayList<>();
    TrainingOutcome outcome =
        await(
            start(
                false,
                stages,
                event -> {
                  progress.add(event);
                  watcher.accept(event);
                }));
    return new Result(outcome, List.copyOf(progress));
  }

  private Result resume(RunParts.Stages stages) throws Exception {
    List<TrainingProgress> progress = new CopyOnWriteArrayList<>();
    TrainingOutcome outcome = await(start(true, stages, progress::add));
    return new Result(outcome, List.copyOf(progress));
  }

  private static RunParts.Stages withFaults(List<FaultyStages.Fault> faults) {
    return FaultyStages.with(
        (role, command) -> faults.stream().filter(f -> f.happens(role, command)).count() > 0);
  }

  private RunningWork<TrainingOutcome> start(
      boolean resume, RunParts.Stages stages, Consumer<TrainingProgress> watcher) {
    return TrainingService.start(
        kit.system(), TinyRun.request(SETTINGS, directory, resume), watcher, TinyRun.parts(stages));
  }

  private static TrainingOutcome await(RunningWork<TrainingOutcome> handle) throws Exception {
    return handle.result().toCompletableFuture().get(240, TimeUnit.SECONDS);
  }

  private void assertCompletedAsExpected(Result result) {
    assertThat(result.outcome()).isInstanceOf(TrainingOutcome.Completed.class);
    assertThat(directory.resolve("final.onnx")).hasBinaryContent(expected);
  }

  private static Predicate<Object> nth(Class<?> kind, int number) {
    AtomicInteger seen = new AtomicInteger();
    return command -> kind.isInstance(command) && seen.incrementAndGet() == number;
  }
}
