package dev.merlon.actors.job;

/** How a job learns that it should stop. Thread-safe. */
public interface StopSignal {

  /** Whether it should. */
  boolean requested();

  /**
   * While the returned registration is open, a request calls {@code stop} once; one that came
   * before calls it, too. Registrations may lie within each other: the innermost counts.
   *
   * @param stop asks the work at hand to end in order; called on another thread
   */
  Registration during(Runnable stop);

  /** Work that can be stopped, for as long as it is open. */
  interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
