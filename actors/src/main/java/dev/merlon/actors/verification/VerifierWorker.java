package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import dev.merlon.actors.Causes;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.verify.Effort;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.VerifierFactory;
import java.util.List;

/**
 * Owns one verifier with its sessions and tensors: opens it when it starts, closes it when it stops
 * or restarts. Works on one batch at a time and asks the pool for the next. Runs on the verifiers'
 * dispatcher, because verifying blocks its thread. A batch that breaks the verifier is reported,
 * then the worker fails, so that its supervisor starts it afresh.
 */
final class VerifierWorker extends AbstractBehavior<VerifierWorker.Command> {

  /** What the pool tells a worker. */
  sealed interface Command {}

  /**
   * Answer these queries.
   *
   * @param ticket what the pool knows the batch by
   * @param effort how hard to try
   */
  record Work(long ticket, List<Query> queries, Effort effort) implements Command {}

  private final ActorRef<VerifierPool.Command> pool;
  private final Verifier verifier;

  private VerifierWorker(
      ActorContext<Command> context, ActorRef<VerifierPool.Command> pool, Verifier verifier) {
    super(context);
    this.pool = pool;
    this.verifier = verifier;
  }

  static Behavior<Command> create(VerifierFactory factory, ActorRef<VerifierPool.Command> pool) {
    return Behaviors.setup(
        context -> {
          try {
            var worker = new VerifierWorker(context, pool, factory.open());
            pool.tell(new VerifierPool.Ready(context.getSelf()));
            return worker;
          } catch (RuntimeException | Error refused) {
            pool.tell(new VerifierPool.Refused(failure(refused)));
            return Behaviors.stopped();
          }
        });
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Work.class, this::onWork)
        .onSignal(PreRestart.class, signal -> close())
        .onSignal(PostStop.class, signal -> close())
        .build();
  }

  private Behavior<Command> onWork(Work work) {
    try {
      var verdicts = verifier.verify(work.queries(), work.effort());
      pool.tell(new VerifierPool.Finished(getContext().getSelf(), work.ticket(), verdicts));
      return this;
    } catch (RuntimeException | Error broken) {
      // Errors too: the supervisor sees exceptions only.
      var failure = failure(broken);
      pool.tell(new VerifierPool.Crashed(getContext().getSelf(), work.ticket(), failure.message()));
      throw new MerlonException(failure, broken);
    }
  }

  private Behavior<Command> close() {
    verifier.close();
    return this;
  }

  private static Failure failure(Throwable broken) {
    return Causes.failure("The verifier", broken);
  }
}
