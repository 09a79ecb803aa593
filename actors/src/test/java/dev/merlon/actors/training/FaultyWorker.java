package dev.merlon.actors.training;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import dev.merlon.actors.device.DeviceWorker;
import java.util.function.Function;
import java.util.function.Predicate;

/** Device workers that work as they should until a command makes them fail. */
final class FaultyWorker {
  private FaultyWorker() {}

  /** Something that happens in place of a command. */
  interface Fault {
    /** Whether it was done; otherwise the worker does the command. */
    boolean happens(DeviceWorker.Command command);
  }

  /** A worker that never answers the commands of this kind. */
  static Fault silent(Predicate<DeviceWorker.Command> when) {
    return when::test;
  }

  /** A worker that dies from the commands of this kind. */
  static Fault fatal(Predicate<DeviceWorker.Command> when) {
    return command -> {
      if (when.test(command)) {
        throw new IllegalStateException("planted crash");
      }
      return false;
    };
  }

  /** Real workers with this fault; the fault is shared by all of them. */
  static Function<RunPlan, Behavior<DeviceWorker.Command>> with(Fault fault) {
    return plan ->
        Behaviors.intercept(
            () -> new Planted(fault), DeviceWorker.create("cpu", plan::openLearner));
  }

  /** Workers of the natural branch with this fault. */
  static Function<RunPlan, Behavior<DeviceWorker.Command>> natural(Fault fault) {
    return plan ->
        Behaviors.intercept(
            () -> new Planted(fault), DeviceWorker.create("cpu-natural", plan::openNaturalLearner));
  }

  private static final class Planted
      extends BehaviorInterceptor<DeviceWorker.Command, DeviceWorker.Command> {
    private final Fault fault;

    Planted(Fault fault) {
      super(DeviceWorker.Command.class);
      this.fault = fault;
    }

    @Override
    public Behavior<DeviceWorker.Command> aroundReceive(
        TypedActorContext<DeviceWorker.Command> context,
        DeviceWorker.Command command,
        ReceiveTarget<DeviceWorker.Command> target) {
      return fault.happens(command) ? Behaviors.same() : target.apply(context, command);
    }
  }
}
