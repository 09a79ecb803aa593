package dev.merlon.actors.cli.work;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What happens on Ctrl-C and SIGTERM. While a command is registered by {@link #during}, the first
 * request asks it to stop and it ends in order; a second request, a command that needs longer than
 * {@link #PATIENCE}, or a request while nothing is registered ends the process at once.
 * Thread-safe.
 */
public final class Interrupts {
  /** How long an orderly stop may take. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Consumer<ExitCode> endNow;
  private Optional<Consumer<ExitCode>> stop = Optional.empty();
  private Optional<ExitCode> raised = Optional.empty();

  /**
   * @param endNow ends the process without waiting for anything
   */
  public Interrupts(Consumer<ExitCode> endNow) {
    this.endNow = endNow;
  }

  /** While the returned registration is open, a request to stop calls {@code stop} once. */
  public synchronized Registration during(Consumer<ExitCode> stopCommand) {
    stop = Optional.of(stopCommand);
    return this::forget;
  }

  /** Somebody asks the process to end with this code. */
  public void raise(ExitCode code) {
    Optional<Consumer<ExitCode>> command = accept(code);
    command.ifPresentOrElse(
        stopCommand -> {
          inBackground("merlon-stop", () -> stopCommand.accept(code));
          inBackground("merlon-patience", () -> endAfterPatience(code));
        },
        () -> endNow.accept(code));
  }

  /** The first request so far. */
  public synchronized Optional<ExitCode> raised() {
    return raised;
  }

  private synchronized Optional<Consumer<ExitCode>> accept(ExitCode code) {
    if (raised.isPresent()) {
      return Optional.empty();
    }
    raised = Optional.of(code);
    return stop;
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

  private synchronized void forget() {
    stop = Optional.empty();
  }

  /** A command that can be stopped, for as long as it is open. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
