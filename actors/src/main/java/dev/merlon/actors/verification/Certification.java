package dev.merlon.actors.verification;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.Pair;
import akka.stream.CompletionStrategy;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.typed.javadsl.ActorSink;
import akka.stream.typed.javadsl.ActorSource;
import dev.merlon.actors.Causes;
import dev.merlon.actors.RunningWork;
import dev.merlon.actors.Stage;
import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.PendingProperty;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.streams.Certify;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Certifies models with one pool of verifiers: streams the queries of any number of requests to it
 * as fast as it takes them, counts and keeps the verdicts. Owns the pool; thread-safe.
 */
public final class Certification implements AutoCloseable {
  private static final int SUPPLIED_AT_ONCE = 32;
  private static final Duration LONGEST = Duration.ofDays(100);

  private static final Stage.Role<VerifierPool.Command> POOL =
      new Stage.Role<>(
          "verifier pool", "Raise merlon.verify.reply-grace if its batches take that long.");

  private final ActorSystem<?> system;
  private final VerificationSettings settings;
  private final Stage<VerifierPool.Command> pool;
  private final AtomicLong requests = new AtomicLong();

  /** A service on an actor system, with the settings that the system was started with. */
  public Certification(ActorSystem<?> system) {
    this(system, VerificationSettings.of(system));
  }

  /** A service on an actor system. */
  public Certification(ActorSystem<?> system, VerificationSettings settings) {
    this(system, settings, Optional.empty());
  }

  /**
   * A service on an actor system.
   *
   * @param processes where each verifier finds a process of its own; empty where all work in this
   *     one; closed by whoever gave them, after this
   */
  public Certification(
      ActorSystem<?> system, VerificationSettings settings, Optional<EngineProcesses> processes) {
    this(system, settings, processes, pool -> pool);
  }

  /**
   * As above.
   *
   * @param pools what becomes of the pool before it is spawned
   */
  Certification(
      ActorSystem<?> system,
      VerificationSettings settings,
      Optional<EngineProcesses> processes,
      UnaryOperator<Behavior<VerifierPool.Command>> pools) {
    this.system = system;
    this.settings = settings;
    this.pool = Stage.spawn(system, POOL, pools.apply(VerifierPool.create(settings, processes)));
  }

  /**
   * Starts a certification.
   *
   * @param facts what is known about the model, and where verdicts are kept; closed at the end
   * @param watcher told {@link CertificationProgress} at the start and after every list of
   *     verdicts, and notes about the results file, from one thread at a time
   * @throws MerlonException when the results file cannot be used
   */
  public RunningWork<CertificationReport> start(
      CertificationRequest request, Facts facts, Consumer<JobEvent> watcher) {
    return start(request, facts, watcher, ServedModel.of(request.model(), settings));
  }

  /**
   * Starts on cases of one model.
   *
   * @param facts what is known about the model, and where verdicts are kept; closed at the end
   * @param log where verdicts are written; stays open
   * @param tally where they are counted
   */
  public RunningWork<CaseCounts> start(
      CaseRequest request, Facts facts, VerdictLog log, CaseTally tally) {
    CaseRequest.Cases cases = request.cases();
    VerdictBook.Asked asked = cases.asked(request.model().sha256());
    return start(
        new VerdictBook<>(asked, log, facts, tally.of(cases.group())),
        request.effort(),
        ServedModel.of(request.model(), settings),
        () -> {});
  }

  RunningWork<CertificationReport> start(
      CertificationRequest request, Facts facts, Consumer<JobEvent> watcher, ServedModel model) {
    CertificationTally tally = new CertificationTally(request, watcher);
    VerdictLog log =
        VerdictLog.open(
            request.results(), request.origin(), note -> watcher.accept(new JobEvent.Noted(note)));
    return start(
        new VerdictBook<>(request.asked(), log, facts, tally), request.effort(), model, log::close);
  }

  /**
   * Starts.
   *
   * @param end run when the book is closed
   */
  private <R> RunningWork<R> start(
      VerdictBook<R> book, Effort effort, ServedModel model, Runnable end) {
    try {
      book.begin();
    } catch (RuntimeException failed) {
      close(book, end);
      throw failed;
    }
    long id = requests.incrementAndGet();
    Request request =
        Request.ofQueries(id, RequestClass.INCOMING, model, effort, OptionalLong.empty());
    Pair<ActorRef<VerifierPool.Event>, CompletionStage<Done>> recording =
        Certify.record(answers(id), book::record).run(system);
    UniqueKillSwitch supply =
        Certify.supply(book::open, SUPPLIED_AT_ONCE, supply(request, recording.first()))
            .run(system);
    CompletionStage<R> report =
        pool.orDeath(recording.second())
            .whenComplete((done, failed) -> end(id, supply))
            .handle((done, failed) -> ended(book, failed))
            .whenComplete((ended, failed) -> close(book, end));
    return new RunningWork<>(() -> end(id, supply), report);
  }

  /**
   * Starts on a property.
   *
   * @return with the answer; empty where it was cancelled before there was one
   */
  public RunningWork<Optional<Outcome>> start(PropertyRequest request) {
    long deadline = System.nanoTime() + request.effort().timeout().toNanos();
    return start(
        request.property(),
        request.effort(),
        ServedModel.of(request.model(), settings),
        OptionalLong.of(deadline));
  }

  RunningWork<Optional<Outcome>> start(
      VnnLibProperty property, Effort effort, ServedModel model, OptionalLong deadline) {
    long id = requests.incrementAndGet();
    Pair<ActorRef<VerifierPool.Event>, CompletionStage<List<VerifierPool.Answered>>> answer =
        events(id)
            .collectType(VerifierPool.Answered.class)
            .toMat(Sink.seq(), Keep.both())
            .run(system);
    ActorRef<VerifierPool.Command> verifiers = pool.actor();
    ActorRef<VerifierPool.Accepted> nobody = system.ignoreRef();
    Request request = Request.ofProperties(id, RequestClass.INCOMING, model, effort, deadline);
    List<Pending> asked = List.of(PendingProperty.fresh(property));
    verifiers.tell(new VerifierPool.Admit(request, nobody, answer.first()));
    verifiers.tell(new VerifierPool.Supply(id, asked, nobody));
    verifiers.tell(new VerifierPool.Supplied(id));
    CompletionStage<Optional<Outcome>> report =
        pool.orDeath(answer.second())
            .handle(
                (events, failed) -> {
                  if (failed != null) {
                    throw failure(failed);
                  }
                  return events.stream()
                      .flatMap(event -> event.answers().stream())
                      .map(Answers.Answered::outcome)
                      .findFirst();
                });
    return new RunningWork<>(() -> verifiers.tell(new VerifierPool.Cancel(id)), report);
  }

  private static List<Pending> tasks(List<Query> queries) {
    return queries.stream().<Pending>map(PendingQuery::fresh).toList();
  }

  private Source<List<Verdict>, ActorRef<VerifierPool.Event>> answers(long id) {
    return events(id).collectType(VerifierPool.Answered.class).map(VerifierPool.Answered::verdicts);
  }

  /** What the pool answers, until it says that this was all, or why there is no more. */
  private Source<VerifierPool.Event, ActorRef<VerifierPool.Event>> events(long id) {
    return ActorSource.<VerifierPool.Event, VerifierPool.Command>actorRefWithBackpressure(
        pool.actor(),
        new VerifierPool.Taken(id),
        event ->
            event instanceof VerifierPool.Finished
                ? Optional.of(CompletionStrategy.draining())
                : Optional.empty(),
        event ->
            event instanceof VerifierPool.Refused refused
                ? Optional.of(new MerlonException(refused.failure()))
                : Optional.empty());
  }

  private Sink<List<Query>, NotUsed> supply(Request request, ActorRef<VerifierPool.Event> events) {
    long id = request.id();
    return ActorSink.actorRefWithBackpressure(
        pool.actor(),
        (accepted, queries) -> new VerifierPool.Supply(id, tasks(queries), accepted),
        accepted -> new VerifierPool.Admit(request, accepted, events),
        VerifierPool.Accepted.NEXT,
        new VerifierPool.Supplied(id),
        failed -> new VerifierPool.Unsupplied(id, Causes.failure("Reading the queries", failed)));
  }

  private void end(long id, UniqueKillSwitch supply) {
    supply.shutdown();
    pool.actor().tell(new VerifierPool.Cancel(id));
  }

  /** Takes back what is not answered, and returns when all native memory is freed. */
  @Override
  public void close() {
    // A pool that died has nothing to drain, but its verifiers have to be closed.
    CompletionStage<Done> drained =
        AskPattern.ask(pool.actor(), VerifierPool.Drain::new, LONGEST, system.scheduler());
    pool.orDeath(drained).exceptionallyCompose(dead -> pool.gone()).toCompletableFuture().join();
  }

  private static void close(VerdictBook<?> book, Runnable end) {
    try {
      book.close();
    } finally {
      end.run();
    }
  }

  private static <R> R ended(VerdictBook<R> book, @Nullable Throwable failed) {
    if (failed == null) {
      return book.report();
    }
    throw failure(failed);
  }

  private static MerlonException failure(Throwable failed) {
    Throwable cause = Causes.of(failed);
    return cause instanceof MerlonException known
        ? known
        : new MerlonException(Causes.failure("Certification", cause), cause);
  }
}
