package dev.merlon.actors.job;

import dev.merlon.actors.Causes;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Lets the main thread wait for work done elsewhere. */
public final class Waiting {
  private Waiting() {}

  /** The stage's value; its failure is thrown as a {@link MerlonException}. */
  public static <T> T forResult(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof MerlonException known
          ? known
          : new MerlonException(Causes.failure("Merlon", failed), failed);
    } catch (InterruptedException interrupted) {
      throw cancelled(interrupted);
    }
  }

  private static MerlonException cancelled(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new MerlonException(
        new Failure.Cancelled("Interrupted while waiting", "Run the command again."), interrupted);
  }
}
