package dev.merlon.actors;

import akka.Done;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Tells why an actor ends before anybody can find it gone. An {@link Error} becomes an exception on
 * its way out, so that it ends this actor and not the whole actor system.
 */
final class LastWords<C> extends BehaviorInterceptor<C, C> {
  private final Stage.Role<C> role;
  private final CompletableFuture<Void> death;
  private final CompletableFuture<Done> gone;

  /**
   * @param death fails when the actor ends, with the reason
   * @param gone done when it and its children are gone
   */
  LastWords(Stage.Role<C> role, CompletableFuture<Void> death, CompletableFuture<Done> gone) {
    super(anything());
    this.role = role;
    this.death = death;
    this.gone = gone;
  }

  @Override
  public Behavior<C> aroundStart(TypedActorContext<C> context, PreStartTarget<C> target) {
    return listening(() -> target.start(context));
  }

  @Override
  public Behavior<C> aroundReceive(
      TypedActorContext<C> context, C command, ReceiveTarget<C> target) {
    return listening(() -> target.apply(context, command));
  }

  @Override
  public Behavior<C> aroundSignal(
      TypedActorContext<C> context, Signal signal, SignalTarget<C> target) {
    try {
      return listening(() -> target.apply(context, signal));
    } finally {
      if (signal instanceof PostStop) {
        ended();
      }
    }
  }

  private Behavior<C> listening(Supplier<Behavior<C>> work) {
    try {
      return work.get();
    } catch (RuntimeException problem) {
      dying(problem);
      throw problem;
    } catch (Error problem) {
      dying(problem);
      throw new IllegalStateException(problem.toString(), problem);
    }
  }

  @SuppressWarnings("unchecked") // Whatever an actor is sent may be what it dies of.
  private static <C> Class<C> anything() {
    return (Class<C>) Object.class;
  }

  private void dying(Throwable problem) {
    death.completeExceptionally(
        problem instanceof MerlonException known
            ? known
            : new MerlonException(Causes.failure(role.subject(), problem), problem));
  }

  private void ended() {
    death.completeExceptionally(
        new MerlonException(
            new Failure.Internal(
                role.subject() + " ended without a reason", "Please report this with the log.")));
    gone.complete(Done.done());
  }
}
