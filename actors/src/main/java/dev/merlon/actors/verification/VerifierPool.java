package dev.merlon.actors.verification;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.pattern.StatusReply;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Verdict;
import dev.merlon.model.verify.VerifierFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Verifiers of one model that pull batches of queries: a batch is handed out only to a worker that
 * asked for one, the others wait in a bounded queue.
 *
 * <p>A batch whose worker breaks is tried once more on a fresh verifier; if that breaks too, its
 * queries are answered {@code unknown}. A worker that keeps breaking is given up, and when none is
 * left the model is marked: every query is answered {@code unknown} at once. A model that a
 * verifier refuses to open fails every request with that failure.
 */
public final class VerifierPool {

  /** What can be asked of the pool. */
  public sealed interface Command {}

  /**
   * Answer these queries.
   *
   * @param effort how hard to try
   * @param replyTo one verdict per query, or a {@link MerlonException} when the model is refused,
   *     the queue is full or the pool is stopping
   */
  public record Verify(List<Query> queries, Effort effort, ActorRef<StatusReply<Verdicts>> replyTo)
      implements Command {}

  /**
   * Finish the batches in progress, refuse the waiting ones and all later, free everything, stop.
   */
  public record Drain(ActorRef<Done> replyTo) implements Command {}

  /**
   * Start more verifiers; without effect once the model is refused or given up or the pool stops.
   *
   * @param verifiers how many more, at least 1
   */
  public record Grow(int verifiers) implements Command {}

  /** The answers to one request, in the order of its queries. */
  public record Verdicts(List<Verdict> verdicts) {}

  /** A worker has opened its verifier and wants work. */
  record Ready(ActorRef<VerifierWorker.Command> worker) implements Command {}

  /** A worker is done with a batch and wants another. */
  record Finished(ActorRef<VerifierWorker.Command> worker, long ticket, List<Verdict> verdicts)
      implements Command {}

  /** A batch broke its worker's verifier; the worker restarts or stops. */
  record Crashed(ActorRef<VerifierWorker.Command> worker, long ticket, String reason)
      implements Command {}

  /** The model cannot be opened. */
  record Refused(Failure failure) implements Command {}

  /** A worker is gone for good. */
  private record Gone(ActorRef<VerifierWorker.Command> worker) implements Command {}

  private final ActorContext<Command> context;
  private final VerifierFactory factory;
  private final VerificationSettings settings;
  private final VerifierQueue queue;
  private final Set<ActorRef<VerifierWorker.Command>> workers = new HashSet<>();
  private final List<ActorRef<Done>> drainers = new ArrayList<>();
  private int started;
  private String lastReason = "a verifier stopped";

  private VerifierPool(
      ActorContext<Command> context, VerifierFactory factory, VerificationSettings settings) {
    this.context = context;
    this.factory = factory;
    this.settings = settings;
    this.queue = new VerifierQueue(settings.queueLimit());
  }

  /**
   * A pool of verifiers of one model.
   *
   * @param factory opens a verifier, once per worker and again after each failure
   */
  public static Behavior<Command> create(VerifierFactory factory, VerificationSettings settings) {
    return Behaviors.setup(
        context -> {
          VerifierPool pool = new VerifierPool(context, factory, settings);
          pool.start(settings.verifiers());
          return pool.working();
        });
  }

  private void start(int verifiers) {
    var restart =
        SupervisorStrategy.restart().withLimit(settings.restarts(), settings.restartWindow());
    for (int i = 0; i < verifiers; i++) {
      var supervised =
          Behaviors.supervise(VerifierWorker.create(factory, context.getSelf())).onFailure(restart);
      var worker =
          context.spawn(
              supervised,
              "verifier-" + ++started,
              DispatcherSelector.fromConfig(VerificationSettings.DISPATCHER));
      context.watchWith(worker, new Gone(worker));
      workers.add(worker);
    }
  }

  private Behavior<Command> working() {
    return Behaviors.receive(Command.class)
        .onMessage(Verify.class, this::enqueue)
        .onMessage(Grow.class, this::onGrow)
        .onMessage(Ready.class, this::onReady)
        .onMessage(Finished.class, this::onFinished)
        .onMessage(Crashed.class, this::onCrashed)
        .onMessage(Refused.class, this::onRefused)
        .onMessage(Gone.class, this::onGone)
        .onMessage(Drain.class, this::onDrain)
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  /** The model broke every verifier: nothing is tried any more. */
  private Behavior<Command> marked(String reason) {
    context.getLog().error("The model is given up: {}", reason);
    return Behaviors.receive(Command.class)
        .onMessage(Verify.class, request -> answerAtOnce(request, reason))
        .onMessage(Drain.class, this::onDrain)
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  private Behavior<Command> refusing(Failure failure) {
    return Behaviors.receive(Command.class)
        .onMessage(Verify.class, request -> refuse(request, failure))
        .onMessage(Gone.class, this::onGoneWhileRefusing)
        .onMessage(Drain.class, this::onDrain)
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  private Behavior<Command> draining() {
    return Behaviors.receive(Command.class)
        .onMessage(Verify.class, request -> refuse(request, stopping()))
        .onMessage(Finished.class, this::onLastFinished)
        .onMessage(Crashed.class, this::onLastCrashed)
        .onMessage(Gone.class, this::onGoneWhileDraining)
        .onMessage(Drain.class, this::onDrain)
        .onAnyMessage(late -> Behaviors.same())
        .onSignal(PostStop.class, signal -> onPostStop())
        .build();
  }

  private Behavior<Command> enqueue(Verify request) {
    queue.add(VerifierJob.of(request));
    return Behaviors.same();
  }

  private Behavior<Command> onGrow(Grow grow) {
    start(grow.verifiers());
    return Behaviors.same();
  }

  private Behavior<Command> onReady(Ready ready) {
    queue.ready(ready.worker());
    return Behaviors.same();
  }

  private Behavior<Command> onFinished(Finished finished) {
    queue.finished(finished.ticket(), finished.verdicts());
    queue.ready(finished.worker());
    return Behaviors.same();
  }

  private Behavior<Command> onCrashed(Crashed crashed) {
    lastReason = crashed.reason();
    context.getLog().warn("A verifier broke: {}", crashed.reason());
    queue.crashed(crashed.ticket(), crashed.reason());
    return Behaviors.same();
  }

  private Behavior<Command> onRefused(Refused refused) {
    queue.refuseAll(refused.failure());
    workers.forEach(context::stop);
    return refusing(refused.failure());
  }

  private Behavior<Command> onGone(Gone gone) {
    forget(gone.worker());
    if (!workers.isEmpty()) {
      return Behaviors.same();
    }
    String reason = "the model broke every verifier: " + lastReason;
    queue.answerWaiting(reason);
    return marked(reason);
  }

  private Behavior<Command> onGoneWhileRefusing(Gone gone) {
    workers.remove(gone.worker());
    return Behaviors.same();
  }

  private Behavior<Command> onDrain(Drain drain) {
    drainers.add(drain.replyTo());
    queue.refuseWaiting(stopping());
    return stopWhenIdle();
  }

  private Behavior<Command> onLastFinished(Finished finished) {
    queue.finished(finished.ticket(), finished.verdicts());
    return stopWhenIdle();
  }

  private Behavior<Command> onLastCrashed(Crashed crashed) {
    queue.givenUp(crashed.ticket(), crashed.reason());
    return stopWhenIdle();
  }

  private Behavior<Command> onGoneWhileDraining(Gone gone) {
    forget(gone.worker());
    return stopWhenIdle();
  }

  private Behavior<Command> answerAtOnce(Verify request, String reason) {
    VerifierJob.of(request).answerUnknown(reason);
    return Behaviors.same();
  }

  private Behavior<Command> refuse(Verify request, Failure failure) {
    VerifierJob.of(request).refuse(failure);
    return Behaviors.same();
  }

  private Behavior<Command> onPostStop() {
    queue.refuseAll(stopping());
    return Behaviors.same();
  }

  /** Workers close what they own when they stop; drained is who waits for the last one. */
  private Behavior<Command> stopWhenIdle() {
    if (queue.isIdle()) {
      workers.forEach(context::stop);
    }
    if (!workers.isEmpty()) {
      return draining();
    }
    drainers.forEach(replyTo -> replyTo.tell(Done.getInstance()));
    return Behaviors.stopped();
  }

  private void forget(ActorRef<VerifierWorker.Command> worker) {
    workers.remove(worker);
    queue.forget(worker, lastReason);
  }

  private static Failure stopping() {
    return new Failure.Cancelled(
        "Verification was stopped before this batch", "Run the command again with --resume.");
  }
}
