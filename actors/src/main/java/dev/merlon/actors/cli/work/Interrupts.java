package dev.merlon.actors.cli.work;

import dev.merlon.actors.job.StopSignal;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What happens on Ctrl-C and SIGTERM. While a command is registered by {@link #during}, the first
 * request asks it to stop and it ends in order; a second request, a command that needs longer than
 * {@link #PATIENCE}, or a request while nothing is registered ends the process at once. Requests
 * within {@link #ECHO} of the first are the same one: tools that signal a process and its group
 * reach it twice. Thread-safe.
 */
public final class Interrupts implements StopSignal {
  /** How long an orderly stop may take. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** How long a request may echo. */
  static final Duration ECHO = Duration.ofMillis(500);

  private final Consumer<ExitCode> endNow;
  private final LongSupplier nanoTime;
  private Optional<Consumer<ExitCode>> stop = Optional.empty();
  private Optional<ExitCode> raised = Optional.empty();
  private long raisedAt;

  /**
   * @param endNow ends the process without waiting for anything
   */
  public Interrupts(Consumer<ExitCode> endNow) {
    this(endNow, System::nanoTime);
  }

  Interrupts(Consumer<ExitCode> endNow, LongSupplier nanoTime) {
    this.endNow = endNow;
    this.nanoTime = nanoTime;
  }

  /**
   * While the returned registration is open, a request to stop calls {@code stop} once; one that
   * came before calls it at once. Registrations may lie within each other: the innermost counts.
   */
  public synchronized Registration during(Consumer<ExitCode> stopCommand) {
    Optional<Consumer<ExitCode>> outer = stop;
    stop = Optional.of(stopCommand);
    raised.ifPresent(code -> inBackground("merlon-stop", () -> stopCommand.accept(code)));
    return () -> goBack(outer);
  }

  @Override
  public Registration during(Runnable stopWork) {
    return during(code -> stopWork.run());
  }

  @Override
  public boolean requested() {
    return raised().isPresent();
  }

  /** Somebody asks the process to end with this code. */
  public void raise(ExitCode code) {
    switch (accept(code)) {
      case FIRST -> begin(code);
      case ECHO -> {}
      case AGAIN -> endNow.accept(code);
    }
  }

  /** The first request so far. */
  public synchronized Optional<ExitCode> raised() {
    return raised;
  }

  private enum Request {
    FIRST,
    ECHO,
    AGAIN
  }

  private synchronized Request accept(ExitCode code) {
    if (raised.isEmpty()) {
      raised = Optional.of(code);
      raisedAt = nanoTime.getAsLong();
      return Request.FIRST;
    }
    boolean echo = nanoTime.getAsLong() - raisedAt < ECHO.toNanos();
    return echo ? Request.ECHO : Request.AGAIN;
  }

  private synchronized void begin(ExitCode code) {
    stop.ifPresentOrElse(
        stopCommand -> {
          inBackground("merlon-stop", () -> stopCommand.accept(code));
          inBackground("merlon-patience", () -> endAfterPatience(code));
        },
        () -> endNow.accept(code));
  }

  private void endAfterPatience(ExitCode code) {
    try {
      Thread.sleep(PATIENCE.toMillis());
      endNow.accept(code);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private static void inBackground(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private synchronized void goBack(Optional<Consumer<ExitCode>> outer) {
    stop = outer;
  }
}
