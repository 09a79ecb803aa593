package dev.merlon.actors;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.Props;
import akka.actor.typed.Scheduler;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.japi.function.Function;
import akka.pattern.StatusReply;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * An actor that does not die in silence: whoever asks it gets an answer, or the reason of its death
 * as soon as it dies. Only one that hangs has to be waited for. Thread-safe.
 *
 * @param <C> what it can be told
 */
public final class Stage<C> {
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final Role<C> role;
  private final ActorRef<C> actor;
  private final CompletableFuture<Void> death = new CompletableFuture<>();
  private final CompletableFuture<Done> gone = new CompletableFuture<>();
  private final Scheduler scheduler;

  /**
   * What a stage is there for.
   *
   * @param <C> what it can be told
   * @param words what people call it
   * @param whenSlow what to do if it does not answer in time, in one line
   */
  @SuppressWarnings("UnusedTypeParameter") // A role is that of stages that take these commands.
  public record Role<C>(String words, String whenSlow) {
    private String actorName() {
      return words.replace(' ', '-') + "-" + NUMBERS.incrementAndGet();
    }

    /** What people call it, at the beginning of a sentence. */
    String subject() {
      return "The " + words;
    }
  }

  private Stage(Role<C> role, Spawning<C> spawning, Scheduler scheduler) {
    this.role = role;
    this.scheduler = scheduler;
    this.actor = spawning.spawn(role.actorName(), () -> new LastWords<>(role, death, gone));
  }

  private interface Spawning<C> {
    ActorRef<C> spawn(String name, Supplier<BehaviorInterceptor<C, C>> lastWords);
  }

  /** Spawns one as a child of an actor. */
  public static <C> Stage<C> spawn(
      ActorContext<?> parent, Role<C> role, Behavior<C> behavior, Props props) {
    return new Stage<>(
        role,
        (name, words) -> parent.spawn(Behaviors.intercept(words, behavior), name, props),
        parent.getSystem().scheduler());
  }

  /** Spawns one that is nobody's child. */
  public static <C> Stage<C> spawn(ActorSystem<?> system, Role<C> role, Behavior<C> behavior) {
    return new Stage<>(
        role,
        (name, words) ->
            system.systemActorOf(Behaviors.intercept(words, behavior), name, Props.empty()),
        system.scheduler());
  }

  /** Where messages go that nobody waits for an answer to. */
  public ActorRef<C> actor() {
    return actor;
  }

  /**
   * Fails when the stage ends, with the reason as a {@link MerlonException}, and before anybody can
   * find the actor gone; has no other end.
   */
  public CompletionStage<Void> death() {
    return death.minimalCompletionStage();
  }

  /** Done when it and its children are gone, however they ended. */
  public CompletionStage<Done> gone() {
    return gone.minimalCompletionStage();
  }

  /**
   * Asks it for something; the answer fails with the stage.
   *
   * @param patience how long it may hang until that is a failure of the device
   */
  public <T> CompletionStage<T> ask(
      Function<ActorRef<StatusReply<T>>, C> question, Duration patience) {
    return orDeath(
        AskPattern.askWithStatus(actor, question, patience, scheduler)
            .exceptionally(
                problem -> {
                  throw failure(Causes.of(problem), patience);
                }));
  }

  /** An answer, or the death of the stage if that comes first. */
  public <T> CompletionStage<T> orDeath(CompletionStage<T> answer) {
    @SuppressWarnings("unchecked") // It never has a value.
    CompletableFuture<T> failing = (CompletableFuture<T>) (CompletableFuture<?>) death;
    return failing.applyToEither(answer, value -> value);
  }

  private RuntimeException failure(Throwable problem, Duration patience) {
    if (!(problem instanceof TimeoutException)) {
      return new CompletionException(problem);
    }
    return new MerlonException(
        new Failure.Device(
            role.subject() + " did not answer within " + patience.toSeconds() + " s",
            role.whenSlow()),
        problem);
  }
}
