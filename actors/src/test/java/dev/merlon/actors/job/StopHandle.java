package dev.merlon.actors.job;

import java.util.Optional;

/** Asks one job to stop. Thread-safe. */
public final class StopHandle implements StopSignal {
  private Optional<Runnable> stop = Optional.empty();
  private boolean requested;

  /** Asks; asking twice is asking once. */
  public synchronized void request() {
    if (!requested) {
      requested = true;
      stop.ifPresent(StopHandle::inBackground);
    }
  }

  @Override
  public synchronized boolean requested() {
    return requested;
  }

  @Override
  public synchronized Registration during(Runnable stopWork) {
    Optional<Runnable> outer = stop;
    stop = Optional.of(stopWork);
    if (requested) {
      inBackground(stopWork);
    }
    return () -> goBack(outer);
  }

  private synchronized void goBack(Optional<Runnable> outer) {
    stop = outer;
  }

  // Whoever asks may be what the work waits for.
  private static void inBackground(Runnable stop) {
    Thread thread = new Thread(stop, "merlon-stop");
    thread.setDaemon(true);
    thread.start();
  }
}
