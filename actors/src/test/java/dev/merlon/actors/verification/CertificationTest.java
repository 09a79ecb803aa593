package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import dev.merlon.actors.CapturedLog;
import dev.merlon.actors.RunningWork;
import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.Initialisation;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.config.network.NetworkSettings;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.Network;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.Facts;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Questions;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.VerdictFile;
import dev.merlon.model.verify.verdict.VerdictLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CertificationTest {
  @RegisterExtension private final CapturedLog log = new CapturedLog();
  private static final int INPUTS = 30;
  private static final PerturbationSet LINF = new NormBall(new LInf(), 0.01, true);
  private static final PerturbationSet EUCLIDEAN = new NormBall(new L2(), 0.05, false);
  private static ActorTestKit kit;
  private static ImportedModel model;
  private static Questions questions;

  @TempDir Path folder;

  @BeforeAll
  static void startKit() {
    kit = ActorTestKit.create();
    Network network =
        Architectures.build(
            new NetworkSettings(NetworkPreset.CNN3, 2, false, List.of(), List.of()),
            0.1,
            new Shape(1, 8, 8),
            3);
    byte[] file =
        OnnxExport.bytes(
            network, new Initialiser(Initialisation.IBP).draw(network, 1), Map.of("name", "tiny"));
    model = OnnxImport.parse(file, "tiny.onnx");
    questions = Questions.aboutFirst(images(), 0, List.of(LINF, EUCLIDEAN), Guarantee.NOMINAL);
  }

  @AfterAll
  static void stopKit() {
    kit.shutdownTestKit();
  }

  @AfterEach
  void everyVerifierIsClosed() {
    assertThat(NativeMemory.openScopes()).doesNotContainKey("verifier");
  }

  @Test
  void start_realModel_sameVerdictsForAnyNumberOfVerifiers() throws Exception {
    Path one = folder.resolve("one.jsonl");
    Path two = folder.resolve("two.jsonl");

    Summary first = run(settings(1, 7), request(Optional.of(one), false)).summary();
    Summary second = run(settings(2, 7), request(Optional.of(two), false)).summary();

    assertThat(first.complete()).isTrue();
    assertThat(first).isEqualTo(second);
    assertThat(decisions(one)).hasSize(2 * INPUTS).isEqualTo(decisions(two));
    assertThat(first.count(Outcome.Kind.CERTIFIED)).isPositive();
    assertThat(first.count(Outcome.Kind.MISCLASSIFIED)).isPositive();
    assertThat(first.rungs()).containsKeys(Rung.IBP, Rung.CROWN_IBP);
    assertThat(first.count(Outcome.Kind.CONFLICT)).isZero();
  }

  @Test
  void start_severalModels_workedOnAtOnce() {
    CountDownLatch both = new CountDownLatch(2);
    Consumer<List<Query>> meeting =
        queries -> {
          both.countDown();
          awaitAll(both);
        };
    try (Certification service = new Certification(kit.system(), settings(2, 2 * INPUTS))) {

      List<RunningWork<CertificationReport>> running =
          Stream.of("one", "two")
              .map(
                  name ->
                      service.start(
                          request(Optional.empty(), false),
                          Facts.NONE,
                          progress -> {},
                          new FakeVerifiers(meeting).model(name)))
              .toList();

      assertThat(running)
          .allSatisfy(
              one ->
                  assertThat(one.result().toCompletableFuture().join().summary().complete())
                      .isTrue());
    }
    assertThat(both.getCount()).isZero();
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void start_watched_progressOfEveryListOfVerdicts() {
    List<CertificationProgress> seen = new CopyOnWriteArrayList<>();

    certify(
        request(Optional.empty(), false),
        event -> seen.add((CertificationProgress) event),
        new FakeVerifiers(queries -> {}));

    assertThat(seen.get(0).done()).isZero();
    assertThat(seen).extracting(CertificationProgress::done).isSorted();
    assertThat(seen)
        .allSatisfy(progress -> assertThat(progress.fresh()).hasSizeLessThanOrEqualTo(10));
    assertThat(seen.stream().mapToInt(progress -> progress.fresh().size()).sum())
        .isEqualTo(2 * INPUTS);
    assertThat(seen.get(seen.size() - 1).summary().union().lower()).isEqualTo(1);
  }

  @Test
  void start_resumedAfterACrash_onlyOpenQueriesAskedAndTheTornLineDropped() throws Exception {
    Path file = folder.resolve("results.jsonl");
    run(settings(1, 10), request(Optional.of(file), false));
    List<String> lines = Files.readAllLines(file);
    String kept = String.join("\n", lines.subList(0, 25)) + "\n";
    Files.writeString(file, kept + lines.get(25).substring(0, 40));
    AtomicInteger asked = new AtomicInteger();
    FakeVerifiers counting = new FakeVerifiers(queries -> asked.addAndGet(queries.size()));

    CertificationReport report = certify(request(Optional.of(file), true), counting);

    assertThat(asked).hasValue(2 * INPUTS - 25);
    assertThat(report.summary().complete()).isTrue();
    assertThat(Files.readAllLines(file)).hasSize(2 * INPUTS).startsWith(lines.get(0));
    assertThat(Files.readString(file)).startsWith(kept);
  }

  @Test
  void start_resumedWithAnotherLadder_refused() {
    Path file = folder.resolve("results.jsonl");
    run(settings(1, 10), request(Optional.of(file), false));
    CertificationRequest other =
        new CertificationRequest(
            model,
            questions,
            verifier(List.of(Rung.IBP)),
            Optional.of(results(file, true)),
            Set.of(),
            Optional.empty());

    assertThatThrownBy(() -> run(settings(1, 10), other))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("another model");
  }

  @Test
  void start_gateOutOfReach_rejectedEarlyWithoutTheRest() {
    CertificationRequest gated =
        new CertificationRequest(
            model,
            questions,
            verifier(List.of(Rung.values())),
            Optional.empty(),
            Set.of(),
            Optional.of(new CertificationRequest.Gate(Requirement.parse("union>=0.999"), true)));

    CertificationReport report = run(settings(1, 2), gated);

    assertThat(report.decision()).hasValue(Requirement.Decision.REJECTED);
    assertThat(report.summary().complete()).isFalse();
  }

  @Test
  void start_gateAboutAnotherThreat_refusedBeforeAnyWork() {
    CertificationRequest gated =
        new CertificationRequest(
            model,
            questions,
            verifier(List.of(Rung.IBP)),
            Optional.of(results(folder.resolve("none.jsonl"), false)),
            Set.of(),
            Optional.of(new CertificationRequest.Gate(Requirement.parse("linf:0.3>=0.5"), false)));

    assertThatThrownBy(() -> run(settings(1, 2), gated))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("linf:0.3");
    assertThat(folder.resolve("none.jsonl")).doesNotExist();
  }

  @Test
  void cancel_workInProgress_whatIsAnsweredIsKeptAndTheRestLeft() {
    CompletableFuture<RunningWork<CertificationReport>> running = new CompletableFuture<>();
    AtomicInteger slices = new AtomicInteger();
    CountDownLatch cancelled = new CountDownLatch(1);
    Consumer<List<Query>> waitingAfterTheFirst =
        queries -> {
          if (slices.getAndIncrement() > 0) {
            awaitAll(cancelled);
          }
        };
    try (Certification service = new Certification(kit.system(), settings(1, 5))) {
      running.complete(
          service.start(
              request(Optional.empty(), false),
              Facts.NONE,
              event -> {
                if (((CertificationProgress) event).done() > 0) {
                  var unused = running.thenAccept(RunningWork::stop).thenRun(cancelled::countDown);
                }
              },
              new FakeVerifiers(waitingAfterTheFirst).model("fake")));

      CertificationReport report = running.join().result().toCompletableFuture().join();

      assertThat(report.summary().answered()).isPositive();
      assertThat(report.summary().complete()).isFalse();
    }
  }

  @Test
  void start_verifierAlwaysBreaks_unknownVerdictsNotAFailure() {
    log.expectError("poison");
    log.expectError("A verifier broke");
    FakeVerifiers broken =
        new FakeVerifiers(
            queries -> {
              throw new IllegalStateException("poison");
            });

    CertificationReport report = certify(request(Optional.empty(), false), broken);

    assertThat(report.summary().count(Outcome.Kind.UNKNOWN)).isEqualTo(2 * INPUTS);
  }

  @Test
  void start_modelRefused_reportFailsWithThatFailure() {
    MerlonException refused = MerlonException.modelFormat("not a model", "try another");
    ServedModel model =
        new ServedModel(
            "refused",
            1,
            () -> {
              throw refused;
            },
            Optional.empty());
    try (Certification service = new Certification(kit.system(), settings(1, 10))) {
      var running =
          service.start(request(Optional.empty(), false), Facts.NONE, progress -> {}, model);

      assertThatThrownBy(() -> running.result().toCompletableFuture().join())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(MerlonException.class)
          .hasMessage("not a model");
    }
  }

  @Test
  void start_poolDies_failsAtOnceWithItsReasonAndKeepsTheVerdicts() throws Exception {
    log.expectError("planted crash");
    AtomicInteger requests = new AtomicInteger();
    Path file = folder.resolve("verdicts.jsonl");
    Certification service =
        new Certification(
            kit.system(),
            settings(1, 10),
            Optional.empty(),
            pool -> dying(pool, () -> requests.incrementAndGet() > 3));
    var running = service.start(request(Optional.of(file), false), Facts.NONE, progress -> {});

    // Its verifiers may take hours for a slice: whoever waits for the dead pool fails the test.
    assertThatThrownBy(() -> running.result().toCompletableFuture().get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(MerlonException.class)
        .cause()
        .hasMessageStartingWith(
            "The verifier pool failed unexpectedly: StackOverflowError: planted crash");
    service.close();
    assertThat(decisions(file)).hasSizeLessThan(2 * INPUTS);
    assertThat(run(settings(1, 10), request(Optional.of(file), true)).summary().complete())
        .isTrue();
  }

  private static Behavior<VerifierPool.Command> dying(
      Behavior<VerifierPool.Command> pool, BooleanSupplier now) {
    return Behaviors.intercept(
        () ->
            new BehaviorInterceptor<VerifierPool.Command, VerifierPool.Command>(
                VerifierPool.Command.class) {
              @Override
              public Behavior<VerifierPool.Command> aroundReceive(
                  TypedActorContext<VerifierPool.Command> context,
                  VerifierPool.Command command,
                  ReceiveTarget<VerifierPool.Command> target) {
                if (command instanceof VerifierPool.Worked && now.getAsBoolean()) {
                  throw new StackOverflowError("planted crash");
                }
                return target.apply(context, command);
              }
            },
        pool);
  }

  @Test
  void start_verifierRunsOutOfMemory_unknownVerdictsThatSayWhatToDo() {
    log.expectError("ran out of");
    log.expectError("A verifier broke");
    FakeVerifiers greedy =
        new FakeVerifiers(
            queries -> {
              throw new OutOfMemoryError("Java heap space");
            });

    CertificationReport report = certify(request(Optional.empty(), false), greedy);

    assertThat(report.summary().count(Outcome.Kind.UNKNOWN)).isEqualTo(2 * INPUTS);
  }

  private static CertificationReport run(
      VerificationSettings settings, CertificationRequest request) {
    try (Certification service = new Certification(kit.system(), settings)) {
      return service
          .start(request, Facts.NONE, progress -> {})
          .result()
          .toCompletableFuture()
          .join();
    }
  }

  private static CertificationReport certify(CertificationRequest request, FakeVerifiers fakes) {
    return certify(request, progress -> {}, fakes);
  }

  private static CertificationReport certify(
      CertificationRequest request, Consumer<JobEvent> watcher, FakeVerifiers fakes) {
    try (Certification service = new Certification(kit.system(), settings(1, 10))) {
      return service
          .start(request, Facts.NONE, watcher, fakes.model("fake"))
          .result()
          .toCompletableFuture()
          .join();
    }
  }

  private static CertificationRequest request(Optional<Path> file, boolean resume) {
    return new CertificationRequest(
        model,
        questions,
        verifier(List.of(Rung.values())),
        file.map(path -> results(path, resume)),
        Set.of(),
        Optional.empty());
  }

  private static Results results(Path file, boolean resume) {
    VerdictFile.Opening opening =
        resume ? VerdictFile.Opening.RESUME : VerdictFile.Opening.OVERWRITE;
    return new Results.File(file, opening);
  }

  private static Effort verifier(List<Rung> rungs) {
    AttackSettings attack =
        new AttackSettings(5, 1, 0.25, StepDecay.none(), AttackStatistics.EVAL, true);
    return Effort.of(rungs, EvaluationAttack.pgd(attack), 1, Duration.ofHours(1)).crossChecked();
  }

  private static VerificationSettings settings(int verifiers, int batch) {
    return new VerificationSettings(
        verifiers,
        batch,
        new Limits(batch, 1 << 24, 1),
        new VerificationSettings.Holding(2, 1 << 24),
        2,
        Duration.ofMinutes(1));
  }

  private static List<String> decisions(Path file) throws Exception {
    return Files.readAllLines(file).stream()
        .map(VerdictLine::read)
        .map(verdict -> verdict.property() + " " + verdict.outcome().kind() + verdict.predicted())
        .sorted()
        .toList();
  }

  private static Dataset images() {
    SplittableRandom random = new SplittableRandom(1);
    byte[] pixels = new byte[INPUTS * 64];
    random.nextBytes(pixels);
    int[] labels = new int[INPUTS];
    Arrays.setAll(labels, i -> i % 6 == 1 ? 1 : 0);
    return Dataset.of("noise", DataSplit.TEST, new ImageShape(1, 8, 8), 3, pixels, labels);
  }
}
