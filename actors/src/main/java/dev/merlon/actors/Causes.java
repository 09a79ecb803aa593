package dev.merlon.actors;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.FirstLine;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.tensor.MemoryShortage;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Reads failures out of what futures, asks and streams wrap around them. */
public final class Causes {
  private Causes() {}

  /** The problem itself, without the wrappers of futures. */
  public static Throwable of(Throwable problem) {
    Throwable cause = problem;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /**
   * The failure that a problem stands for: the one it carries, memory that ran out, or else a fault
   * of Merlon.
   *
   * @param what failed, at the beginning of a sentence
   */
  public static Failure failure(String what, Throwable problem) {
    Throwable cause = of(problem);
    if (cause instanceof MerlonException known) {
      return known.failure();
    }
    return MemoryShortage.in(cause)
        .<Failure>map(shortage -> shortage.failure(what))
        .orElseGet(
            () ->
                new Failure.Internal(
                    what + " failed unexpectedly: " + firstLine(cause),
                    "Please report this with the log."));
  }

  /** A problem in one line: its type, and what it says first. */
  public static String firstLine(Throwable cause) {
    String said = FirstLine.of(cause);
    return said.isEmpty()
        ? cause.getClass().getName()
        : cause.getClass().getSimpleName() + ": " + said;
  }
}
