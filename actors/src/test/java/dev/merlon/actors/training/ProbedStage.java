package dev.merlon.actors.training;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import dev.merlon.actors.Stage;

/** Stages that hand everything on to a probe. */
final class ProbedStage {
  private ProbedStage() {}

  static <C> Stage<C> of(ActorTestKit kit, Stage.Role<C> role, TestProbe<C> probe) {
    return Stage.spawn(
        kit.system(),
        role,
        Behaviors.receiveMessage(
            command -> {
              probe.getRef().tell(command);
              return Behaviors.same();
            }));
  }
}
