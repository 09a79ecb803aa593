package dev.merlon.actors.cli.work;

import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Lets the main thread wait for work done elsewhere. */
final class Waiting {
  private Waiting() {}

  /** The stage's value; its failure is thrown as a {@link MerlonException}. */
  static <T> T forResult(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof MerlonException known
          ? known
          : new MerlonException(
              new Failure.Internal("An unexpected " + failed.getCause(), ""), failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new MerlonException(
          new Failure.Cancelled("Interrupted while waiting", "Run the command again."),
          interrupted);
    }
  }
}
