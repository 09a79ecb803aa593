package dev.merlon.config.failure;

/** The first line of what an exception says, for messages of one line. */
public final class FirstLine {
  private FirstLine() {}

  /** Empty where it says nothing. */
  public static String of(Throwable problem) {
    return problem.getMessage() == null ? "" : problem.getMessage().lines().findFirst().orElse("");
  }
}
