package dev.merlon.actors.training;

import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;

/** Reads failures out of what futures, asks and streams wrap around them. */
final class Causes {
  private Causes() {}

  /** The problem itself, without the wrappers of futures. */
  static Throwable of(Throwable problem) {
    Throwable cause = problem;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The failure that a problem stands for. */
  static Failure failure(Throwable problem) {
    Throwable cause = of(problem);
    if (cause instanceof MerlonException known) {
      return known.failure();
    }
    if (cause instanceof TimeoutException) {
      return new Failure.Device(
          "A device did not answer in time: " + cause.getMessage(),
          "Raise pipeline.ask-timeout if its steps take that long.");
    }
    return new Failure.Internal(
        "Training failed unexpectedly: " + firstLine(cause), "Please report this with the log.");
  }

  private static String firstLine(Throwable cause) {
    return Optional.ofNullable(cause.getMessage())
        .flatMap(message -> message.lines().findFirst())
        .map(line -> cause.getClass().getSimpleName() + ": " + line)
        .orElse(cause.getClass().getName());
  }
}
