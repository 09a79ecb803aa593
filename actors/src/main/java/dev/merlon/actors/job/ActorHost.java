package dev.merlon.actors.job;

import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The actor system of one command. Closing it runs the coordinated shutdown to its end, so that
 * verifiers are drained and native sessions closed before the process exits.
 */
public final class ActorHost implements AutoCloseable {
  /** How long an orderly shutdown may take; less than what an interrupted command may. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final ActorSystem<Void> system;

  private ActorHost(ActorSystem<Void> system) {
    this.system = system;
  }

  /** Starts one. */
  public static ActorHost start() {
    return new ActorHost(ActorSystem.create(Behaviors.empty(), "merlon", configuration()));
  }

  private static Config configuration() {
    return ConfigFactory.defaultOverrides()
        .withFallback(ConfigFactory.parseResources(ActorHost.class, "akka.conf"))
        .withFallback(ConfigFactory.load(ActorHost.class.getClassLoader()));
  }

  /** What runs the actors. */
  public ActorSystem<Void> system() {
    return system;
  }

  @Override
  public void close() {
    try {
      CoordinatedShutdown.get(system)
          .runAll(CoordinatedShutdown.actorSystemTerminateReason())
          .toCompletableFuture()
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException stuck) {
      throw new MerlonException(
          new Failure.Internal(
              "The actors did not stop in order: " + stuck, "Results that were printed are good."),
          stuck);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
