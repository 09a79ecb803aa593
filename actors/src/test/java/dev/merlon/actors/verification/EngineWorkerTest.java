package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import dev.merlon.actors.CapturedLog;
import dev.merlon.actors.SmallModel;
import dev.merlon.actors.engine.VerifierProcesses;
import dev.merlon.actors.link.EngineEnd;
import dev.merlon.actors.link.EngineProcess;
import dev.merlon.actors.link.LinkFrame;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Questions;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import dev.merlon.model.verify.verdict.VerdictFile;
import dev.merlon.model.verify.verdict.VerdictLine;
import dev.merlon.proto.Envelope;
import dev.merlon.proto.QueryAnswer;
import dev.merlon.proto.QueryOutcome;
import dev.merlon.proto.QueryProgress;
import dev.merlon.proto.SliceAnswers;
import dev.merlon.proto.VerifySlice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class EngineWorkerTest {
  private static final int INPUTS = 24;
  private static ActorTestKit kit;
  @TempDir private static Path models;
  private static ImportedModel model;

  @RegisterExtension private final CapturedLog log = new CapturedLog();
  @TempDir private Path folder;

  @BeforeAll
  static void startKit() throws Exception {
    kit = ActorTestKit.create();
    model = OnnxImport.read(SmallModel.write(models.resolve("small.onnx"), 8, 3));
  }

  @AfterAll
  static void stopKit() {
    kit.shutdownTestKit();
  }

  @Test
  void start_inProcesses_sameVerdictsToTheBitAsInThreads() throws Exception {
    List<Verdict> threads = verdicts("threads", Optional.empty());
    try (VerifierProcesses processes = processes()) {

      List<Verdict> own = verdicts("own", Optional.of(processes));

      assertThat(own).hasSize(2 * INPUTS).isEqualTo(threads);
      assertThat(own).extracting(Verdict::kind).contains(Outcome.Kind.CERTIFIED);
      assertThat(own).extracting(Verdict::kind).contains(Outcome.Kind.FALSIFIED);
    }
  }

  @Test
  void start_modelChangedOnTheDisk_refusedInOneLine() throws Exception {
    Path file = SmallModel.write(folder.resolve("changing.onnx"), 8, 3);
    ImportedModel read = OnnxImport.read(file);
    SmallModel.write(file, 8, 4);
    try (VerifierProcesses processes = processes();
        Certification service =
            new Certification(kit.system(), settings(1), Optional.of(processes))) {
      var running = service.start(request(read, "changed"), Facts.NONE, event -> {});

      assertThatThrownBy(() -> running.result().toCompletableFuture().join())
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("was changed while it was being worked on");
    }
  }

  @Test
  void start_aQueryBreaksItsProcess_unknownAloneAndAllOthersAnswered() throws Exception {
    log.expectError("A verifier's process crashed (signal 11)");
    Fakes fakes = new Fakes(index -> index == 7);

    List<Verdict> verdicts = verdicts("deadly", Optional.of(fakes));

    assertThat(verdicts).hasSize(2 * INPUTS);
    assertThat(verdicts)
        .filteredOn(verdict -> verdict.kind() == Outcome.Kind.UNKNOWN)
        .hasSize(2)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.property().index()).isEqualTo(7);
              assertThat(verdict.outcome().reason().orElseThrow()).contains("signal 11");
            });
  }

  @Test
  void start_processesThatWearOut_areReplacedBetweenSlices() throws Exception {
    Fakes fakes = new Fakes(index -> false);
    fakes.worn = true;

    assertThat(verdicts("worn", Optional.of(fakes))).hasSize(2 * INPUTS);

    assertThat(fakes.started).hasValueGreaterThan(2);
  }

  @Test
  void start_noProcessComesUp_failsWithTheReason() {
    Fakes fakes = new Fakes(index -> false);
    fakes.up = false;
    try (Certification service = new Certification(kit.system(), settings(1), Optional.of(fakes))) {
      var running = service.start(request(model, "none"), Facts.NONE, event -> {});

      assertThatThrownBy(() -> running.result().toCompletableFuture().join())
          .cause()
          .hasMessageContaining("could not be started: planted");
    }
    assertThat(fakes.started).hasValue(3);
  }

  private static VerifierProcesses processes() {
    return VerifierProcesses.prepare(
        ConfigFactory.parseString("merlon.verify.process { heap = 256m }")
            .withFallback(ConfigFactory.load()),
        models);
  }

  private List<Verdict> verdicts(String name, Optional<EngineProcesses> processes)
      throws Exception {
    try (Certification service = new Certification(kit.system(), settings(1), processes)) {
      service
          .start(request(model, name), Facts.NONE, event -> {})
          .result()
          .toCompletableFuture()
          .join();
    }
    return Files.readAllLines(folder.resolve(name)).stream()
        .map(VerdictLine::read)
        .map(EngineWorkerTest::untimed)
        .sorted(
            Comparator.comparing((Verdict verdict) -> verdict.property().set().text())
                .thenComparing(verdict -> verdict.property().index()))
        .toList();
  }

  private static Verdict untimed(Verdict verdict) {
    return new Verdict(
        verdict.property(),
        verdict.predicted(),
        verdict.outcome(),
        verdict.margins(),
        verdict.guarantee(),
        0);
  }

  private CertificationRequest request(ImportedModel about, String name) {
    return new CertificationRequest(
        about,
        Questions.aboutFirst(
            images(),
            0,
            List.of(new NormBall(new LInf(), 0.02, true), new NormBall(new L2(), 1, false)),
            Guarantee.REAL),
        Effort.of(
            List.of(Rung.values()),
            EvaluationAttack.pgd(
                new AttackSettings(5, 1, 0.25, StepDecay.none(), AttackStatistics.EVAL, true)),
            1,
            Duration.ofHours(1)),
        Optional.of(new Results.File(folder.resolve(name), VerdictFile.Opening.OVERWRITE)),
        Set.of(),
        Optional.empty());
  }

  private static VerificationSettings settings(int verifiers) {
    return new VerificationSettings(
        verifiers,
        8,
        new Limits(8, 1 << 24, 1),
        new VerificationSettings.Holding(2, 1 << 24),
        9,
        Duration.ofMinutes(1));
  }

  private static Dataset images() {
    SplittableRandom random = new SplittableRandom(4);
    byte[] pixels = new byte[INPUTS * 64];
    random.nextBytes(pixels);
    int[] labels = new int[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      labels[i] = i % 6 == 1 ? 1 : 0;
    }
    return Dataset.of("noise", DataSplit.TEST, new ImageShape(1, 8, 8), 3, pixels, labels);
  }

  /** Processes that are none, and die of some inputs. */
  private static final class Fakes implements EngineProcesses {
    private final IntPredicate deadly;
    private final AtomicInteger started = new AtomicInteger();
    private boolean worn;
    private boolean up = true;

    Fakes(IntPredicate deadly) {
      this.deadly = deadly;
    }

    @Override
    public Behavior<EngineProcess.Command> verifier(
        String name, ActorRef<EngineProcess.Event> owner) {
      started.incrementAndGet();
      if (!up) {
        return Behaviors.setup(
            context -> {
              owner.tell(new EngineProcess.Ended(new EngineEnd.NotStarted("planted")));
              return Behaviors.stopped();
            });
      }
      return Behaviors.receive(EngineProcess.Command.class)
          .onMessage(EngineProcess.Send.class, send -> answer(send.frame().envelope(), owner))
          .onMessage(EngineProcess.End.class, end -> ended(new EngineEnd.Exited(0), owner))
          .build();
    }

    private Behavior<EngineProcess.Command> answer(
        Envelope envelope, ActorRef<EngineProcess.Event> owner) {
      if (!envelope.hasSlice()) {
        owner.tell(new EngineProcess.Started(1));
        return Behaviors.same();
      }
      VerifySlice slice = envelope.getSlice();
      SliceAnswers.Builder answers = SliceAnswers.newBuilder();
      for (int i = 0; i < slice.getQuestionsCount(); i++) {
        if (deadly.test(slice.getQuestions(i).getIndex())) {
          return ended(new EngineEnd.Killed(11), owner);
        }
        answers.addAnswered(
            QueryAnswer.newBuilder()
                .setPlace(i)
                .setProgress(QueryProgress.getDefaultInstance())
                .setOutcome(QueryOutcome.newBuilder().setKind("misclassified").setRung("predict")));
      }
      owner.tell(
          new EngineProcess.Received(
              LinkFrame.of(
                  Envelope.newBuilder()
                      .setOrder(envelope.getOrder())
                      .setAnswers(answers)
                      .build())));
      return Behaviors.same();
    }

    private static Behavior<EngineProcess.Command> ended(
        EngineEnd end, ActorRef<EngineProcess.Event> owner) {
      owner.tell(new EngineProcess.Ended(end));
      return Behaviors.stopped();
    }

    @Override
    public boolean isWornOut(int opened, long ageNanos, long residentBytes) {
      return worn;
    }

    @Override
    public Duration grace() {
      return Duration.ofSeconds(1);
    }
  }
}
