package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import dev.merlon.actors.Stage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** Stages that work as they should until a command makes one of them fail. */
final class FaultyStages implements RunParts.Stages {
  private final Fault fault;
  private final Map<Stage.Role<?>, ActorRef<Object>> alive = new ConcurrentHashMap<>();

  private FaultyStages(Fault fault) {
    this.fault = fault;
  }

  /** Something that happens in place of a command. */
  interface Fault {
    /** Whether it was done; otherwise the stage does the command. */
    boolean happens(Stage.Role<?> role, Object command);
  }

  /** What a stage that has nothing to do is killed by. */
  private record Poison(RuntimeException problem) {}

  /** Stages with this fault; the fault is shared by all of them. */
  static FaultyStages with(Fault fault) {
    return new FaultyStages(fault);
  }

  /** Stages without a fault, which a test may kill. */
  static FaultyStages healthy() {
    return new FaultyStages((role, command) -> false);
  }

  /** Never answers the commands of this kind. */
  static Fault silent(Predicate<Object> when) {
    return (role, command) -> when.test(command);
  }

  /** Dies from the commands of this kind. */
  static Fault fatal(Predicate<Object> when) {
    return fatal(when, new IllegalStateException("planted crash"));
  }

  /** Dies of this from the commands of this kind. */
  static Fault fatal(Predicate<Object> when, Throwable problem) {
    return (role, command) -> {
      if (when.test(command)) {
        FaultyStages.<RuntimeException>raise(problem);
      }
      return false;
    };
  }

  /** The fault in one role alone. */
  static Fault in(Stage.Role<?> role, Fault fault) {
    return (other, command) -> other.equals(role) && fault.happens(other, command);
  }

  /** Kills the newest stage in a role, between two commands. */
  void kill(Stage.Role<?> role) {
    Optional.ofNullable(alive.get(role))
        .orElseThrow()
        .tell(new Poison(new IllegalStateException("planted crash")));
  }

  @Override
  public <C> Behavior<C> of(Stage.Role<C> role, Behavior<C> behavior) {
    return Behaviors.intercept(() -> new Planted<>(role), behavior);
  }

  @SuppressWarnings("unchecked") // Throws what it is given, checked or not.
  private static <T extends Throwable> void raise(Throwable problem) throws T {
    throw (T) problem;
  }

  private final class Planted<C> extends BehaviorInterceptor<C, C> {
    private final Stage.Role<C> role;

    @SuppressWarnings("unchecked") // A poison is no command.
    Planted(Stage.Role<C> role) {
      super((Class<C>) Object.class);
      this.role = role;
    }

    @Override
    public Behavior<C> aroundStart(TypedActorContext<C> context, PreStartTarget<C> target) {
      alive.put(role, context.asJava().getSelf().unsafeUpcast());
      return target.start(context);
    }

    @Override
    public Behavior<C> aroundReceive(
        TypedActorContext<C> context, C command, ReceiveTarget<C> target) {
      if ((Object) command instanceof Poison poison) {
        throw poison.problem();
      }
      return fault.happens(role, command) ? Behaviors.same() : target.apply(context, command);
    }
  }
}
