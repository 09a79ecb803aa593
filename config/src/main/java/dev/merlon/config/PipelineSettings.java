package dev.merlon.config;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;
import java.time.Duration;

/**
 * How training steps flow.
 *
 * @param staleness how many updates old the weights are that the attack of a step sees; only 0, the
 *     plain sequential loop, is accepted
 * @param prefetch batches decoded ahead of their step; at least 1
 * @param askTimeout how long one step on a device may take before it counts as failed
 */
public record PipelineSettings(int staleness, int prefetch, Duration askTimeout) {

  /** Checks the values. */
  public PipelineSettings {
    Check.require(
        staleness == 0,
        "staleness",
        "is " + staleness + ": only 0 is supported (attacks see the weights of their own step)");
    Check.within("prefetch", prefetch, 1, 1024);
    Check.require(
        askTimeout.compareTo(Duration.ofMillis(1)) >= 0,
        "ask-timeout",
        "is " + askTimeout.toMillis() + " ms: must be at least 1 ms");
  }

  static PipelineSettings read(SettingsReader reader) {
    return new PipelineSettings(
        reader.integer("staleness"), reader.integer("prefetch"), reader.duration("ask-timeout"));
  }

  void write(SettingsWriter writer) {
    writer.whole("staleness", staleness);
    writer.whole("prefetch", prefetch);
    writer.duration("ask-timeout", askTimeout);
  }
}
