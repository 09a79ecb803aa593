package dev.merlon.actors.verification;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import dev.merlon.actors.Causes;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.property.PropertyAnswer;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Owns open models with their sessions and tensors, and works on one slice at a time; asks the pool
 * for the next. A model that it does not hold is opened when a slice of it comes, and those that
 * were not used for longest are closed where they are too many. What breaks a verifier is reported,
 * and all models are closed, since nobody knows what state the native code is in. Runs on the
 * verifiers' dispatcher, because verifying blocks its thread.
 */
final class VerifierWorker extends AbstractBehavior<VerifierWorker.Command> {

  /** What the pool tells a worker. */
  sealed interface Command {}

  /**
   * Work on a slice.
   *
   * @param model how its model is opened
   * @param stop looked at while it is worked on
   */
  record Work(Slice<Task> slice, ServedModel model, Effort effort, BooleanSupplier stop)
      implements Command {}

  private final ActorRef<VerifierPool.Command> pool;
  private final HeldModels models;

  private VerifierWorker(
      ActorContext<Command> context, ActorRef<VerifierPool.Command> pool, HeldModels models) {
    super(context);
    this.pool = pool;
    this.models = models;
  }

  static Behavior<Command> create(
      ActorRef<VerifierPool.Command> pool, VerificationSettings.Holding holding) {
    return Behaviors.setup(
        context -> {
          pool.tell(new VerifierPool.Ready(context.getSelf(), Set.of()));
          return new VerifierWorker(context, pool, new HeldModels(holding));
        });
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Work.class, this::onWork)
        .onSignal(PostStop.class, signal -> close())
        .build();
  }

  private Behavior<Command> onWork(Work work) {
    pool.tell(result(work));
    pool.tell(new VerifierPool.Ready(getContext().getSelf(), models.digests()));
    return this;
  }

  private VerifierPool.Command result(Work work) {
    long ticket = work.slice().ticket();
    Verifier verifier;
    try {
      verifier = models.open(work.model());
    } catch (RuntimeException | Error refused) {
      return new VerifierPool.Unopened(ticket, failure(refused));
    }
    try {
      return work.slice().queries().get(0) instanceof Task.OfProperty property
          ? answer(verifier, work, property)
          : answer(verifier, work);
    } catch (RuntimeException | Error broken) {
      Failure failure = failure(broken);
      if (failure instanceof Failure.Configuration
          || failure instanceof Failure.ModelFormat
          || failure instanceof Failure.Data) {
        // What cannot be asked of this model breaks nothing.
        return new VerifierPool.Unopened(ticket, failure);
      }
      models.close();
      getContext().getLog().error("A verifier broke: {}", failure.message(), broken);
      return new VerifierPool.Broke(ticket, failure.message());
    }
  }

  private static VerifierPool.Worked answer(Verifier verifier, Work work) {
    List<PendingQuery> slice =
        work.slice().queries().stream().map(task -> ((Task.OfQuery) task).pending()).toList();
    Answers answers = verifier.verify(slice, work.effort(), work.stop());
    requireAll(slice, answers);
    List<Verdict> verdicts = answers.verdicts();
    return new VerifierPool.Worked(
        work.slice().ticket(),
        verdicts.isEmpty() ? List.of() : List.of(new VerifierPool.Answered(verdicts)),
        answers.left().stream().map(Task.OfQuery::new).toList(),
        work.stop().getAsBoolean());
  }

  private static VerifierPool.Worked answer(Verifier verifier, Work work, Task.OfProperty asked) {
    long left = Math.max(0, asked.deadline() - System.nanoTime());
    PropertyAnswer answer =
        verifier.verify(
            asked.property(), work.effort().within(Duration.ofNanos(left)), work.stop());
    // That it was asked back says nothing about the property.
    boolean stopped = work.stop().getAsBoolean();
    boolean givenBack = stopped && !answer.decided();
    return new VerifierPool.Worked(
        work.slice().ticket(),
        givenBack ? List.of() : List.of(new VerifierPool.PropertyAnswered(answer)),
        givenBack ? List.of(asked) : List.of(),
        stopped);
  }

  private static void requireAll(List<PendingQuery> asked, Answers answers) {
    Set<Query> open = Collections.newSetFromMap(new IdentityHashMap<>());
    asked.forEach(pending -> open.add(pending.query()));
    boolean own =
        answers.answered().stream()
            .allMatch(
                each ->
                    open.remove(each.query())
                        && each.verdict().property().equals(each.query().property()));
    if (!own
        || !answers.left().stream().allMatch(each -> open.remove(each.query()))
        || !open.isEmpty()) {
      throw new IllegalStateException("queries were answered by other verdicts than theirs");
    }
  }

  private Behavior<Command> close() {
    models.close();
    return this;
  }

  private static Failure failure(Throwable broken) {
    return Causes.failure("The verifier", broken);
  }
}
