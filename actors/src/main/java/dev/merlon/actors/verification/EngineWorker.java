package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import dev.merlon.actors.link.EngineEnd;
import dev.merlon.actors.link.EngineProcess;
import dev.merlon.actors.link.LinkFrame;
import dev.merlon.actors.wire.FailureWire;
import dev.merlon.actors.wire.ModelWire;
import dev.merlon.actors.wire.SliceWire;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.onnx.ModelOpening;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.proof.ProofKeeping;
import dev.merlon.proto.Envelope;
import dev.merlon.proto.SliceAnswers;
import dev.merlon.proto.SliceFailed;
import dev.merlon.proto.Stop;
import dev.merlon.proto.VerifierTerms;
import dev.merlon.proto.VerifySlice;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A worker of the pool whose models are open in a process of its own, so that what breaks native
 * code breaks nothing else: a slice whose process ends is reported as one that breaks verifiers,
 * and the next gets a fresh process. Processes that were used for long are replaced between slices.
 */
final class EngineWorker extends AbstractBehavior<VerifierWorker.Command> {
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int STARTS = 3;

  sealed interface Internal extends VerifierWorker.Command {}

  /** What the process of a number did. */
  private record Told(int process, EngineProcess.Event event) implements Internal {}

  private record Look() implements Internal {}

  private final ActorRef<VerifierPool.Command> pool;
  private final VerificationSettings settings;
  private final EngineProcesses processes;
  private final TimerScheduler<VerifierWorker.Command> timers;
  private Optional<ActorRef<EngineProcess.Command>> process = Optional.empty();
  private Optional<VerifierWorker.Work> work = Optional.empty();
  private final Set<String> opened = new HashSet<>();
  private int number;
  private int failedStarts;
  private boolean asked;
  private long startedNanos;
  private long residentBytes;

  private EngineWorker(
      ActorContext<VerifierWorker.Command> context,
      TimerScheduler<VerifierWorker.Command> timers,
      ActorRef<VerifierPool.Command> pool,
      VerificationSettings settings,
      EngineProcesses processes) {
    super(context);
    this.pool = pool;
    this.settings = settings;
    this.processes = processes;
    this.timers = timers;
    start();
    ready(Set.of());
  }

  static Behavior<VerifierWorker.Command> create(
      ActorRef<VerifierPool.Command> pool,
      VerificationSettings settings,
      EngineProcesses processes) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new EngineWorker(context, timers, pool, settings, processes)));
  }

  @Override
  public Receive<VerifierWorker.Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(VerifierWorker.Work.class, this::onWork)
        .onMessage(Told.class, this::onTold)
        .onMessage(Look.class, look -> onLook())
        .build();
  }

  private void start() {
    number++;
    int ours = number;
    ActorRef<EngineProcess.Event> events = getContext().spawnAnonymous(toldOf(ours));
    ActorRef<EngineProcess.Command> started =
        getContext()
            .spawn(
                processes.verifier(getContext().getSelf().path().name(), events),
                "process-" + number);
    process = Optional.of(started);
    opened.clear();
    residentBytes = 0;
    startedNanos = System.nanoTime();
    VerifierTerms terms =
        VerifierTerms.newBuilder()
            .setBatch(settings.limits().batch())
            .setMemoryBytes(settings.limits().memoryBytes())
            .setSessionThreads(settings.limits().threads())
            .setOpenModels(settings.holding().models())
            .setOpenBytes(settings.holding().bytes())
            .build();
    started.tell(
        new EngineProcess.Send(LinkFrame.of(Envelope.newBuilder().setVerifier(terms).build())));
  }

  // An adapter of the actor would tell the events of an earlier process as those of this one.
  private Behavior<EngineProcess.Event> toldOf(int which) {
    ActorRef<VerifierWorker.Command> self = getContext().getSelf();
    return Behaviors.receiveMessage(
        event -> {
          self.tell(new Told(which, event));
          return event instanceof EngineProcess.Ended ? Behaviors.stopped() : Behaviors.same();
        });
  }

  private void ready(Set<String> held) {
    pool.tell(new VerifierPool.Ready(getContext().getSelf(), held));
  }

  private Behavior<VerifierWorker.Command> onWork(VerifierWorker.Work next) {
    Optional<ModelOpening> opening = next.model().opening();
    boolean queries = next.slice().queries().stream().allMatch(one -> one instanceof PendingQuery);
    boolean proofs = next.effort().proofs() != ProofKeeping.NONE;
    if (opening.isEmpty() || !queries || proofs) {
      pool.tell(
          new VerifierPool.Unopened(
              next.slice().ticket(),
              new Failure.Configuration(
                  "This cannot be verified in a process of its own",
                  "Run the command again without --isolate.")));
      ready(Set.of());
      return this;
    }
    if (process.isEmpty()) {
      start();
    }
    work = Optional.of(next);
    asked = false;
    opened.add(next.model().digest());
    process.get().tell(new EngineProcess.Send(frame(next, opening.get())));
    timers.startTimerWithFixedDelay(Look.class, new Look(), LOOK);
    return this;
  }

  private static LinkFrame frame(VerifierWorker.Work work, ModelOpening opening) {
    VerifySlice.Builder slice =
        VerifySlice.newBuilder()
            .setDigest(work.model().digest())
            .setModel(ModelWire.message(opening))
            .setEffort(SliceWire.terms(work.effortNow()));
    Envelope.Builder envelope = Envelope.newBuilder().setOrder(work.slice().ticket());
    List<ByteBuffer> inputs = new ArrayList<>();
    for (PendingQuery pending : queries(work)) {
      slice.addQuestions(SliceWire.question(pending));
      envelope.addTensors(SliceWire.header(pending));
      inputs.add(SliceWire.input(pending));
    }
    return new LinkFrame(envelope.setSlice(slice).build(), inputs);
  }

  private static List<PendingQuery> queries(VerifierWorker.Work work) {
    return work.slice().queries().stream().map(PendingQuery.class::cast).toList();
  }

  // The one place that looks at what only a thread of this process could look at otherwise.
  private Behavior<VerifierWorker.Command> onLook() {
    if (!asked && work.map(at -> at.stop().getAsBoolean()).orElse(false)) {
      asked = true;
      Envelope stop =
          Envelope.newBuilder()
              .setOrder(work.get().slice().ticket())
              .setStop(Stop.getDefaultInstance())
              .build();
      process.ifPresent(running -> running.tell(new EngineProcess.Urge(stop)));
    }
    return this;
  }

  private Behavior<VerifierWorker.Command> onTold(Told told) {
    if (told.process() != number) {
      return this;
    }
    if (told.event() instanceof EngineProcess.Started) {
      failedStarts = 0;
    } else if (told.event() instanceof EngineProcess.Beat beat) {
      residentBytes = beat.pong().getResidentBytes();
    } else if (told.event() instanceof EngineProcess.Received received) {
      onAnswer(received.frame().envelope());
    } else if (told.event() instanceof EngineProcess.Ended ended) {
      onEnded(ended.end());
    }
    return this;
  }

  private void onAnswer(Envelope envelope) {
    Optional<VerifierWorker.Work> done =
        work.filter(at -> at.slice().ticket() == envelope.getOrder());
    if (done.isEmpty()) {
      return;
    }
    VerifierWorker.Work asked = done.get();
    rest();
    Set<String> held = Set.of();
    if (envelope.hasAnswers()) {
      SliceAnswers message = envelope.getAnswers();
      pool.tell(VerifierPool.told(asked.slice().ticket(), end(asked, message)));
      held = Set.copyOf(message.getHeldList());
    } else {
      SliceFailed failed = envelope.getSliceFailed();
      Failure failure = FailureWire.failure(failed.getFailure());
      pool.tell(
          VerifierPool.told(
              asked.slice().ticket(),
              failed.getRefused()
                  ? new SliceWork.Refused(failure)
                  : new SliceWork.Broken(failure.message())));
    }
    if (processes.isWornOut(opened.size(), System.nanoTime() - startedNanos, residentBytes)) {
      replace();
      held = Set.of();
    }
    ready(held);
  }

  private static SliceWork.End end(VerifierWorker.Work asked, SliceAnswers message) {
    try {
      Answers answers = SliceWire.answers(queries(asked), message);
      List<Pending> slice = asked.slice().queries();
      SliceWork.requireAll(slice, answers);
      return new SliceWork.Done(answers, message.getStopped());
    } catch (RuntimeException garbled) {
      return new SliceWork.Broken(
          "a verifier's process answered nonsense: " + garbled.getMessage());
    }
  }

  private void rest() {
    work = Optional.empty();
    timers.cancel(Look.class);
  }

  /** Has the process end by itself, and begins the next one. */
  private void replace() {
    process.ifPresent(worn -> worn.tell(new EngineProcess.End(processes.grace())));
    start();
  }

  private void onEnded(EngineEnd end) {
    process = Optional.empty();
    boolean neverUp = end instanceof EngineEnd.NotStarted;
    failedStarts += neverUp ? 1 : 0;
    Optional<VerifierWorker.Work> lost = work;
    rest();
    if (lost.isEmpty()) {
      return;
    }
    long ticket = lost.get().slice().ticket();
    String reason = "a verifier's process " + end.words();
    if (neverUp && failedStarts >= STARTS) {
      pool.tell(
          new VerifierPool.Unopened(
              ticket,
              new Failure.Device(
                  "A verifier's process " + end.words(),
                  "See its log; without --isolate verifiers work in this process.")));
    } else if (neverUp) {
      // Nothing was tried yet.
      VerifierWorker.Work again = lost.get();
      getContext().getSelf().tell(again);
      return;
    } else {
      getContext().getLog().error("A verifier's process {}", end.words());
      pool.tell(new VerifierPool.Broke(ticket, reason));
    }
    ready(Set.of());
  }
}
