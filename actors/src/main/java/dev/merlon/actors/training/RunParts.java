package dev.merlon.actors.training;

import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.ActorContext;
import dev.merlon.actors.Stage;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import java.util.function.Function;

/**
 * What a run takes from outside itself.
 *
 * @param images reads or shares the whole training part of a request's source
 * @param stages what becomes of each stage before it is spawned
 */
record RunParts(Function<TrainingRequest, Dataset> images, Stages stages) {

  /** What becomes of a stage before it is spawned. */
  interface Stages {
    /** The behaviour that is spawned in this role. */
    <C> Behavior<C> of(Stage.Role<C> role, Behavior<C> behavior);
  }

  /** Images read anew, and every stage as it is. */
  static RunParts standard() {
    return new RunParts(
        request -> request.data().read(DataSplit.TRAIN),
        new Stages() {
          @Override
          public <C> Behavior<C> of(Stage.Role<C> role, Behavior<C> behavior) {
            return behavior;
          }
        });
  }

  /** Spawns a stage as a child of an actor. */
  <C> Stage<C> spawn(
      ActorContext<?> parent, Stage.Role<C> role, Behavior<C> behavior, Props props) {
    return Stage.spawn(parent, role, stages.of(role, behavior), props);
  }
}
