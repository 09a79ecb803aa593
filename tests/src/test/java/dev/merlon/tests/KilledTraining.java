package dev.merlon.tests;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.merlon.actors.RunningWork;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.training.TrainingRequest;
import dev.merlon.actors.training.TrainingService;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.model.data.EmbeddedDigits;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * A short training run that a test may kill: the main class of a process of its own, which resumes
 * the run in a directory and prints a line for everything that happens.
 */
public final class KilledTraining {
  /** How many checkpoints stay. */
  static final int KEPT = 3;

  private static final Config CONFIGURATION =
      ConfigFactory.parseString("merlon.pipeline.metrics-steps = 2")
          .withFallback(ConfigFactory.load());

  private KilledTraining() {}

  /** Trains in the directory that the only argument names. */
  public static void main(String[] arguments) {
    System.out.println("begun");
    TrainingOutcome outcome = train(Path.of(arguments[0]), event -> System.out.println(event));
    System.out.println(outcome);
    System.exit(outcome instanceof TrainingOutcome.Completed ? 0 : 3);
  }

  /** Trains to the end, resuming what is there. */
  static TrainingOutcome train(Path directory, Consumer<TrainingProgress> listener) {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "training", CONFIGURATION);
    try {
      TrainingRequest request =
          new TrainingRequest(settings(), EmbeddedDigits.standard(), directory, true);
      RunningWork<TrainingOutcome> run = TrainingService.start(system, request, listener);
      return run.result().toCompletableFuture().join();
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().join();
    }
  }

  private static RunSettings settings() {
    return Settings.load(
        "demo",
        List.of(
            "name=killed",
            "epochs=5",
            "batch-size=32",
            "network.width=2",
            "schedule.end-epoch=3",
            "objective.attack.steps=2",
            "averaging.from-epoch=4",
            "data.validation=70",
            "data.train-limit=220",
            "selection.metric=adversarial",
            "selection.from-epoch=2",
            "evaluation.attack.steps=2",
            "optimizer.accumulate=2",
            "optimizer.learning-rate-schedule=cosine",
            "optimizer.warm-up-epochs=1",
            "checkpoint.every-steps=1",
            "checkpoint.keep=" + KEPT));
  }
}
