package dev.merlon.actors.verification;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The verifiers of a process: answers requests about any number of models. Each request supplies
 * its queries as fast as they are taken and reads its verdicts as fast as it likes; a request whose
 * verdicts are not read gets no verifier meanwhile. Who works on what is the scheduler's decision.
 */
public final class VerifierPool extends AbstractBehavior<VerifierPool.Command> {
  private static final Duration TICK = Duration.ofSeconds(1);
  // Slices of the first phase that wait before a supplier has to.
  private static final int BACKLOG = 4;

  /** What the pool is told. */
  public sealed interface Command {}

  /** What a request is told, one event at a time; the next comes after {@link Taken}. */
  public sealed interface Event {}

  /** Answers, in no particular order. */
  public record Answered(List<Answers.Answered> answers) implements Event {
    /** Copies the list. */
    public Answered {
      answers = List.copyOf(answers);
    }

    /** The verdicts about queries. */
    public List<Verdict> verdicts() {
      return new Answers(answers, List.of()).verdicts();
    }
  }

  /** All that was asked is answered, or was taken back. */
  public record Finished() implements Event {}

  /** There will be no more answers, and why. */
  public record Refused(Failure failure) implements Event {}

  /** What a supplier of queries is told. */
  public enum Accepted {
    /** More queries are welcome. */
    NEXT
  }

  /**
   * A request, whose queries follow.
   *
   * @param accepted told when queries may be supplied
   * @param events told the answers
   */
  public record Admit(Request request, ActorRef<Accepted> accepted, ActorRef<Event> events)
      implements Command {}

  /** What a request asks. */
  public record Supply(long request, List<? extends Pending> tasks, ActorRef<Accepted> accepted)
      implements Command {}

  /** All queries of a request have been supplied. */
  public record Supplied(long request) implements Command {}

  /** The queries of a request cannot be supplied. */
  public record Unsupplied(long request, Failure failure) implements Command {}

  /** A request has dealt with an event. */
  public record Taken(long request) implements Command {}

  /** Take a request back; what is worked on is given up as soon as its verifier looks. */
  public record Cancel(long request) implements Command {}

  /** Take all requests back, free everything, stop. */
  public record Drain(ActorRef<Done> replyTo) implements Command {}

  /** A worker wants a slice. */
  record Ready(ActorRef<VerifierWorker.Command> worker, Set<String> held) implements Command {}

  /**
   * A worker gives a slice back.
   *
   * @param answers what is answered
   * @param left what has no answer yet
   * @param stopped whether it was asked back, so that what is left may have to be done again
   */
  record Worked(long ticket, List<Answers.Answered> answers, List<Pending> left, boolean stopped)
      implements Command {}

  /** A slice broke its worker's verifier, which has closed all its models. */
  record Broke(long ticket, String reason) implements Command {}

  /** The model of a slice cannot be opened, or cannot be asked what it is asked. */
  record Unopened(long ticket, Failure failure) implements Command {}

  /** What a pool is told of the end of a slice. */
  static Command told(long ticket, SliceWork.End end) {
    if (end instanceof SliceWork.Done done) {
      return new Worked(ticket, done.answers().answered(), done.answers().left(), done.stopped());
    }
    return end instanceof SliceWork.Refused refused
        ? new Unopened(ticket, refused.failure())
        : new Broke(ticket, ((SliceWork.Broken) end).reason());
  }

  /** A worker is gone for good. */
  record Gone(ActorRef<VerifierWorker.Command> worker) implements Command {}

  private enum Tick implements Command {
    NOW
  }

  private final VerificationSettings settings;
  private final CertificationScheduler<Pending> scheduler;
  private final Workforce workforce;
  private final OpenRequests requests;
  private final List<ActorRef<Done>> drainers = new ArrayList<>();

  private VerifierPool(
      ActorContext<Command> context,
      VerificationSettings settings,
      Optional<EngineProcesses> processes) {
    super(context);
    this.settings = settings;
    this.workforce = new Workforce(context, settings, processes);
    this.scheduler =
        new CertificationScheduler<>(
            new SliceSizes(settings.batch()), settings.deadlyQueries(), System::nanoTime);
    this.requests = new OpenRequests(scheduler, workforce, BACKLOG * settings.batch());
  }

  /** A pool with the verifiers of the settings, in threads of this process. */
  public static Behavior<Command> create(VerificationSettings settings) {
    return create(settings, Optional.empty());
  }

  /**
   * A pool with the verifiers of the settings.
   *
   * @param processes where each finds a process of its own; empty where all work in this one
   */
  public static Behavior<Command> create(
      VerificationSettings settings, Optional<EngineProcesses> processes) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.NOW, TICK);
                  VerifierPool pool = new VerifierPool(context, settings, processes);
                  pool.workforce.fill();
                  return pool;
                }));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Admit.class, this::onAdmit)
        .onMessage(Supply.class, this::onSupply)
        .onMessage(Supplied.class, this::onSupplied)
        .onMessage(Unsupplied.class, this::onUnsupplied)
        .onMessage(Taken.class, this::onTaken)
        .onMessage(Cancel.class, this::onCancel)
        .onMessage(Ready.class, this::onReady)
        .onMessage(Worked.class, this::onWorked)
        .onMessage(Broke.class, this::onBroke)
        .onMessage(Unopened.class, this::onUnopened)
        .onMessage(Gone.class, this::onGone)
        .onMessage(Tick.class, this::onTick)
        .onMessage(Drain.class, this::onDrain)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Command> onAdmit(Admit admit) {
    OpenRequest open = requests.admit(admit);
    if (!drainers.isEmpty()) {
      open.refuse(stopping());
    }
    admit.accepted().tell(Accepted.NEXT);
    return this;
  }

  private Behavior<Command> onSupply(Supply supply) {
    requests.supply(supply);
    return goOn();
  }

  private Behavior<Command> onSupplied(Supplied supplied) {
    scheduler.supplied(supplied.request());
    return goOn();
  }

  private Behavior<Command> onUnsupplied(Unsupplied unsupplied) {
    requests
        .of(unsupplied.request())
        .ifPresent(open -> requests.refuse(open, unsupplied.failure()));
    return goOn();
  }

  private Behavior<Command> onTaken(Taken taken) {
    requests.of(taken.request()).ifPresent(OpenRequest::taken);
    return goOn();
  }

  private Behavior<Command> onCancel(Cancel cancel) {
    requests.takeBack(cancel.request());
    return goOn();
  }

  private Behavior<Command> onReady(Ready ready) {
    workforce.ready(ready.worker(), ready.held());
    return goOn();
  }

  private Behavior<Command> onWorked(Worked worked) {
    workforce
        .returned(worked.ticket())
        .flatMap(requests::owner)
        .ifPresent(request -> requests.worked(request, worked));
    return goOn();
  }

  private Behavior<Command> onBroke(Broke broke) {
    workforce.returned(broke.ticket());
    requests.broke(broke);
    return goOn();
  }

  private Behavior<Command> onUnopened(Unopened unopened) {
    scheduler.done(unopened.ticket(), List.of(), List.of());
    workforce
        .returned(unopened.ticket())
        .flatMap(requests::owner)
        .ifPresent(open -> requests.refuse(open, unopened.failure()));
    return goOn();
  }

  /** A worker catches what breaks it, so that one that ends has met something worse. */
  private Behavior<Command> onGone(Gone gone) {
    List<Long> lost = workforce.gone(gone.worker());
    if (drainers.isEmpty()) {
      workforce.fill();
    }
    lost.forEach(ticket -> onBroke(new Broke(ticket, "a verifier stopped")));
    return goOn();
  }

  private Behavior<Command> onTick(Tick tick) {
    scheduler.toYield().ifPresent(requests::askBack);
    workforce.overdue().forEach(this::hangs);
    return goOn();
  }

  /** A thread that hangs in native code cannot be ended: nobody waits for it. */
  private void hangs(Slice<Pending> slice) {
    workforce.abandon(slice.ticket());
    scheduler.done(slice.ticket(), List.of(), List.of());
    if (drainers.isEmpty()) {
      workforce.fill();
    }
    requests.owner(slice).ifPresent(open -> requests.overdue(open, slice, settings.replyGrace()));
  }

  private Behavior<Command> onDrain(Drain drain) {
    drainers.add(drain.replyTo());
    requests.refuseAll(stopping());
    return stopWhenIdle();
  }

  private Behavior<Command> goOn() {
    requests.handOut();
    requests.settle();
    return drainers.isEmpty() ? this : stopWhenIdle();
  }

  /** Drained is who waits for the last worker. */
  private Behavior<Command> stopWhenIdle() {
    if (workforce.rests()) {
      workforce.dismiss();
    }
    if (workforce.size() > 0) {
      return this;
    }
    drainers.forEach(replyTo -> replyTo.tell(Done.getInstance()));
    return Behaviors.stopped();
  }

  private Behavior<Command> onPostStop() {
    requests.refuseAll(stopping());
    return this;
  }

  private static Failure stopping() {
    return new Failure.Cancelled(
        "Verification was stopped before all was answered", "Run the command again with --resume.");
  }
}
