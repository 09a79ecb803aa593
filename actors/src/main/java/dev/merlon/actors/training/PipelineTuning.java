package dev.merlon.actors.training;

import com.typesafe.config.Config;
import dev.merlon.actors.Tuning;
import java.time.Duration;

/**
 * How a run is kept going, from {@code merlon.pipeline} of {@code reference.conf}; it has no
 * influence on what is computed.
 *
 * @param snapshotSteps steps between two snapshots in memory; at least 1
 * @param retries failures at the same place after which a run is parked
 * @param retryBackoff wait before the first retry; doubles with each
 * @param retryBackoffLimit longest wait
 * @param stopTimeout how long a step may take to finish once the run is to stop
 * @param failedWrites writes that may fail in a row
 * @param metricsSteps steps between two lines of the metrics file; at least 1
 */
record PipelineTuning(
    int snapshotSteps,
    int retries,
    Duration retryBackoff,
    Duration retryBackoffLimit,
    Duration stopTimeout,
    int failedWrites,
    int metricsSteps) {

  PipelineTuning {
    if (snapshotSteps < 1 || metricsSteps < 1 || retries < 0 || failedWrites < 0) {
      throw new IllegalArgumentException(
          "merlon.pipeline: snapshot-steps and metrics-steps are at least 1, retries and"
              + " failed-writes at least 0");
    }
  }

  /**
   * Reads an actor system's configuration.
   *
   * @throws dev.merlon.config.failure.MerlonException (configuration) when it has no such numbers
   */
  static PipelineTuning of(Config system) {
    return Tuning.of(system, "merlon.pipeline", PipelineTuning::read);
  }

  private static PipelineTuning read(Config pipeline) {
    return new PipelineTuning(
        pipeline.getInt("snapshot-steps"),
        pipeline.getInt("retries"),
        pipeline.getDuration("retry-backoff"),
        pipeline.getDuration("retry-backoff-limit"),
        pipeline.getDuration("stop-timeout"),
        pipeline.getInt("failed-writes"),
        pipeline.getInt("metrics-steps"));
  }

  /** The wait before retry {@code number}, counted from 1. */
  Duration backoff(int number) {
    Duration wait = retryBackoff.multipliedBy(1L << Math.min(number - 1, 20));
    return wait.compareTo(retryBackoffLimit) < 0 ? wait : retryBackoffLimit;
  }
}
