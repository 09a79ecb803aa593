package dev.merlon.actors.verification;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.Pair;
import akka.stream.ActorAttributes;
import akka.stream.KillSwitch;
import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import dev.merlon.actors.Causes;
import dev.merlon.actors.Stage;
import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.config.MerlonException;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Guarantee;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Rung;
import dev.merlon.model.verify.Verdict;
import dev.merlon.model.verify.VerifierFactory;
import dev.merlon.streams.Certify;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Certifies models: opens a pool of verifiers, streams queries through it as fast as it answers,
 * counts and keeps the verdicts, and frees everything at the end. Thread-safe.
 */
public final class Certification {
  // A batch that waits for an earlier one must not leave a verifier idle.
  private static final int BATCHES_PER_VERIFIER = 2;
  private static final int SEARCHED_AT_ONCE = 16;
  private static final Duration LONGEST = Duration.ofDays(100);

  private static final Stage.Role<VerifierPool.Command> POOL =
      new Stage.Role<>(
          "verifier pool", "Raise merlon.verify.reply-grace if its batches take that long.");

  private final ActorSystem<?> system;
  private final VerificationSettings settings;
  private final UnaryOperator<Behavior<VerifierPool.Command>> pools;

  /** A service on an actor system, with the settings that the system was started with. */
  public Certification(ActorSystem<?> system) {
    this(system, VerificationSettings.of(system));
  }

  /** A service on an actor system. */
  public Certification(ActorSystem<?> system, VerificationSettings settings) {
    this(system, settings, pool -> pool);
  }

  /**
   * As above.
   *
   * @param pools what becomes of a pool before it is spawned
   */
  Certification(
      ActorSystem<?> system,
      VerificationSettings settings,
      UnaryOperator<Behavior<VerifierPool.Command>> pools) {
    this.system = system;
    this.settings = settings;
    this.pools = pools;
  }

  /**
   * Starts a certification of which nothing is known.
   *
   * @param watcher as below
   */
  public RunningCertification start(
      CertificationRequest request, Consumer<CertificationProgress> watcher) {
    return start(request, Facts.NONE, watcher);
  }

  /**
   * Starts a certification.
   *
   * @param facts what is known about the model, and where verdicts are kept; closed at the end
   * @param watcher told at the start and after every batch, from one thread at a time
   * @throws MerlonException when the results file cannot be used
   */
  public RunningCertification start(
      CertificationRequest request, Facts facts, Consumer<CertificationProgress> watcher) {
    return start(
        request, facts, watcher, opening(request.model(), request.questions().guarantee()));
  }

  /**
   * Starts on cases of one model, with one verifier; {@link RunningCases#grow} adds others, up to
   * the number in the settings.
   *
   * @param facts what is known about the model, and where verdicts are kept; closed at the end
   * @param ledger where their verdicts go, and what knows which have one; stays open
   */
  public RunningCases start(CaseRequest request, Facts facts, CaseLedger ledger) {
    QueryBook<CaseCounts> book = begun(new CaseBook(ledger, request, facts));
    if (!book.open().hasNext()) {
      return ended(book, (stop, report) -> new RunningCases(stop, report, more -> {}));
    }
    Stage<VerifierPool.Command> pool =
        pool(opening(request.model(), ledger.guarantee()), settings.withVerifiers(1));
    return start(
        book,
        request.effort(),
        pool,
        (stop, report) ->
            new RunningCases(stop, report, more -> pool.actor().tell(new VerifierPool.Grow(more))));
  }

  RunningCertification start(
      CertificationRequest request,
      Facts facts,
      Consumer<CertificationProgress> watcher,
      VerifierFactory factory) {
    QueryBook<CertificationReport> book = begun(VerdictBook.open(request, facts, watcher));
    return book.open().hasNext()
        ? start(book, request.effort(), pool(factory, settings), RunningCertification::new)
        : ended(book, RunningCertification::new);
  }

  private static <R> QueryBook<R> begun(QueryBook<R> book) {
    try {
      book.begin();
      return book;
    } catch (RuntimeException failed) {
      book.close();
      throw failed;
    }
  }

  // Where every answer is known no verifier is opened.
  private static <R, T> T ended(
      QueryBook<R> book, BiFunction<KillSwitch, CompletionStage<R>, T> running) {
    try (book) {
      return running.apply(
          KillSwitches.shared("ended"), CompletableFuture.completedFuture(book.report()));
    }
  }

  private VerifierFactory opening(ImportedModel model, Guarantee guarantee) {
    return () -> {
      guarantee.requirePossible(model);
      return LadderVerifier.open(model, settings.limits());
    };
  }

  private Stage<VerifierPool.Command> pool(VerifierFactory factory, VerificationSettings ofPool) {
    return Stage.spawn(system, POOL, pools.apply(VerifierPool.create(factory, ofPool)));
  }

  private <R, T> T start(
      QueryBook<R> book,
      Effort effort,
      Stage<VerifierPool.Command> pool,
      BiFunction<KillSwitch, CompletionStage<R>, T> running) {
    Duration reply = replyTimeout(effort.timeout());
    Pair<UniqueKillSwitch, CompletionStage<Done>> started =
        graph(book, effort, queries -> ask(pool, queries, effort)).run(system);
    CompletionStage<R> report =
        started
            .second()
            .handle((done, failed) -> drain(pool, reply).thenApply(drained -> ended(book, failed)))
            .thenCompose(stage -> stage)
            .whenComplete((ended, failed) -> book.close());
    return running.apply(started.first(), report);
  }

  private RunnableGraph<Pair<UniqueKillSwitch, CompletionStage<Done>>> graph(
      QueryBook<?> book,
      Effort effort,
      Function<List<Query>, CompletionStage<List<Verdict>>> verify) {
    return Source.fromIterator(book::open)
        .viaMat(KillSwitches.single(), Keep.right())
        .via(Certify.batches(book.batch(batch(effort)), inFlight(), verify))
        .async()
        .map(book::record)
        .withAttributes(ActorAttributes.dispatcher(ActorAttributes.IODispatcher().dispatcher()))
        .takeWhile(goOn -> goOn)
        .toMat(Sink.ignore(), Keep.both());
  }

  // Branch and bound may take each query's whole time: small batches show progress, and little is
  // lost when the process is stopped.
  private int batch(Effort effort) {
    boolean searches = effort.rungs().contains(Rung.BAB);
    return searches ? Math.min(SEARCHED_AT_ONCE, settings.batch()) : settings.batch();
  }

  private CompletionStage<List<Verdict>> ask(
      Stage<VerifierPool.Command> pool, List<Query> queries, Effort effort) {
    CompletionStage<VerifierPool.Verdicts> reply =
        pool.ask(
            replyTo -> new VerifierPool.Verify(queries, effort, replyTo),
            replyTimeout(effort.timeout()));
    return reply.thenApply(VerifierPool.Verdicts::verdicts);
  }

  // A pool that died has nothing to drain, but its verifiers have to be closed.
  private CompletionStage<Done> drain(Stage<VerifierPool.Command> pool, Duration timeout) {
    CompletionStage<Done> drained =
        AskPattern.ask(pool.actor(), VerifierPool.Drain::new, timeout, system.scheduler());
    return pool.orDeath(drained).exceptionallyCompose(dead -> pool.gone());
  }

  private int inFlight() {
    return BATCHES_PER_VERIFIER * settings.verifiers();
  }

  /** All batches may wait for one verifier, each take its queries' whole time, and some more. */
  private Duration replyTimeout(Duration perQuery) {
    Duration bounded = perQuery.compareTo(LONGEST) > 0 ? LONGEST : perQuery;
    Duration whole =
        bounded.multipliedBy((long) settings.batch() * inFlight()).plus(settings.replyGrace());
    return whole.compareTo(LONGEST) > 0 ? LONGEST : whole;
  }

  private static <R> R ended(QueryBook<R> book, @Nullable Throwable failed) {
    if (failed == null) {
      return book.report();
    }
    Throwable cause = Causes.of(failed);
    throw cause instanceof MerlonException known
        ? known
        : new MerlonException(Causes.failure("Certification", cause), cause);
  }
}
