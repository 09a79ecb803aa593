package dev.merlon.actors.verification;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import dev.merlon.actors.Tuning;
import dev.merlon.model.verify.Limits;
import java.time.Duration;

/**
 * How verification shares the machine; the block {@code merlon.verify} of reference.conf.
 *
 * @param verifiers verifiers that work at the same time, at least 1
 * @param batch queries that are handed to a verifier at once, at most; at least 1
 * @param limits what an open model may take
 * @param holding what one verifier keeps open
 * @param deadlyQueries queries of a model that may break verifiers until it is given up, at least 1
 * @param replyGrace how long beyond its queries' own timeouts a slice may take
 */
public record VerificationSettings(
    int verifiers,
    int batch,
    Limits limits,
    Holding holding,
    int deadlyQueries,
    Duration replyGrace) {
  static final String DISPATCHER = "merlon.dispatchers.verify";

  /** Checks the ranges. */
  public VerificationSettings {
    if (Math.min(verifiers, batch) < 1 || deadlyQueries < 1) {
      throw new IllegalArgumentException("merlon.verify: counts must be at least 1");
    }
    if (replyGrace.isNegative()) {
      throw new IllegalArgumentException("merlon.verify: limits must not be negative");
    }
  }

  /**
   * What one verifier keeps open beside the model that it works on.
   *
   * @param models models at most, that one included; at least 1
   * @param bytes what they may take together, roughly
   */
  public record Holding(int models, long bytes) {
    /** Checks the ranges. */
    public Holding {
      if (models < 1 || bytes < 0) {
        throw new IllegalArgumentException("merlon.verify: a verifier needs an open model");
      }
    }
  }

  /** The settings that an actor system was started with. */
  public static VerificationSettings of(ActorSystem<?> system) {
    return of(system.settings().config());
  }

  /** The settings in a configuration that has the block. */
  public static VerificationSettings of(Config config) {
    return Tuning.of(config, "merlon.verify", VerificationSettings::read);
  }

  private static VerificationSettings read(Config verify) {
    return new VerificationSettings(
        verify.getInt("verifiers"),
        verify.getInt("batch"),
        new Limits(
            verify.getInt("native-batch"),
            verify.getBytes("memory"),
            verify.getInt("session-threads")),
        new Holding(verify.getInt("open-models"), verify.getBytes("open-memory")),
        verify.getInt("deadly-queries"),
        verify.getDuration("reply-grace"));
  }

  /** The same with another number of verifiers. */
  public VerificationSettings withVerifiers(int other) {
    return new VerificationSettings(other, batch, limits, holding, deadlyQueries, replyGrace);
  }
}
