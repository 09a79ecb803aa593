package dev.merlon.actors.training;

import dev.merlon.config.failure.Failure;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a failed step is done again. What depends on nothing but settings, data and weights would
 * fail again and is not; anything else is, a few times at the same place, with growing waits. Used
 * by one actor.
 */
final class RetryPolicy {
  private final PipelineTuning tuning;
  private long furthest = -1;
  private int failures;

  RetryPolicy(PipelineTuning tuning) {
    this.tuning = tuning;
  }

  /**
   * Decides about a failure.
   *
   * @param committed steps of the run that were committed before it
   * @return how long to wait before going on; empty to give up
   */
  Optional<Duration> after(Failure failure, long committed) {
    if (failure instanceof Failure.Device || failure instanceof Failure.Internal) {
      failures = committed > furthest ? 1 : failures + 1;
      furthest = Math.max(furthest, committed);
      return failures > tuning.retries() ? Optional.empty() : Optional.of(tuning.backoff(failures));
    }
    return Optional.empty();
  }
}
