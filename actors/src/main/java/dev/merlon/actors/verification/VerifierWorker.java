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
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

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
   * @param deadline of {@link System#nanoTime}, until which the time limit of the effort is cut;
   *     opening the model counts
   * @param stop looked at while it is worked on
   */
  record Work(
      Slice<Pending> slice,
      ServedModel model,
      Effort effort,
      OptionalLong deadline,
      BooleanSupplier stop)
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
      return answer(verifier, work);
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
    List<Pending> slice = work.slice().queries();
    Answers answers = verifier.verify(slice, effort(work), work.stop());
    requireAll(slice, answers);
    return new VerifierPool.Worked(
        work.slice().ticket(), answers.answered(), answers.left(), work.stop().getAsBoolean());
  }

  /** With the time until the deadline, and what earlier slices took of it, which is counted. */
  private static Effort effort(Work work) {
    if (work.deadline().isEmpty()) {
      return work.effort();
    }
    long left = Math.max(0, work.deadline().getAsLong() - System.nanoTime());
    long spent =
        work.slice().queries().stream()
            .mapToLong(one -> one.progress().spentNanos())
            .max()
            .orElse(0);
    return work.effort().within(Duration.ofNanos(left).plusNanos(spent));
  }

  private static void requireAll(List<Pending> asked, Answers answers) {
    List<Pending> open = new ArrayList<>(asked);
    boolean own =
        Stream.concat(
                answers.answered().stream().map(Answers.Answered::asked), answers.left().stream())
            .allMatch(one -> took(open, one));
    if (!own || !open.isEmpty()) {
      throw new IllegalStateException("something else was answered than was asked");
    }
  }

  private static boolean took(List<Pending> open, Pending one) {
    Optional<Pending> same = open.stream().filter(one::asksTheSame).findFirst();
    same.ifPresent(open::remove);
    return same.isPresent();
  }

  private Behavior<Command> close() {
    models.close();
    return this;
  }

  private static Failure failure(Throwable broken) {
    return Causes.failure("The verifier", broken);
  }
}
