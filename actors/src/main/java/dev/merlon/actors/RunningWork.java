package dev.merlon.actors;

import java.util.concurrent.CompletionStage;

/**
 * Work of actors that was started: a training run, or verification. Thread-safe.
 *
 * @param <R> what it ends with
 */
public final class RunningWork<R> {
  private final Runnable stop;
  private final CompletionStage<R> result;

  /**
   * Work that was started.
   *
   * @param stop asks it to end soon; asking twice is asking once
   * @param result how it ends
   */
  public RunningWork(Runnable stop, CompletionStage<R> result) {
    this.stop = stop;
    this.result = result;
  }

  /** How it ends; when it completes, everything is written that it writes. */
  public CompletionStage<R> result() {
    return result;
  }

  /**
   * Asks it to end soon, with what it has by then.
   *
   * @return {@link #result()}
   */
  public CompletionStage<R> stop() {
    stop.run();
    return result;
  }
}
