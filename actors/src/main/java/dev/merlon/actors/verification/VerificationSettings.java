package dev.merlon.actors.verification;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import dev.merlon.actors.Tuning;
import dev.merlon.model.verify.Limits;
import java.time.Duration;

/**
 * How verification shares the machine; the block {@code merlon.verify} of reference.conf.
 *
 * @param verifiers verifiers of one model that work at the same time, at least 1
 * @param batch queries of one unit of work, at least 1
 * @param nativeBatch queries of one native computation, at least 1
 * @param memoryBytes what the tensors of one native computation may take, roughly; at least 1
 * @param sessionThreads threads of one operator of ONNX Runtime, at least 1
 * @param queueLimit batches that may wait for a verifier, at least 1
 * @param restarts how often a verifier that breaks is started afresh within {@code restartWindow}
 * @param restartWindow see {@code restarts}
 * @param replyGrace how long beyond its queries' own timeouts a batch may take
 */
public record VerificationSettings(
    int verifiers,
    int batch,
    int nativeBatch,
    long memoryBytes,
    int sessionThreads,
    int queueLimit,
    int restarts,
    Duration restartWindow,
    Duration replyGrace) {
  static final String DISPATCHER = "merlon.dispatchers.verify";

  /** Checks the ranges. */
  public VerificationSettings {
    if (Math.min(verifiers, batch) < 1 || Math.min(sessionThreads, queueLimit) < 1) {
      throw new IllegalArgumentException("merlon.verify: counts must be at least 1");
    }
    if (nativeBatch < 1 || memoryBytes < 1) {
      throw new IllegalArgumentException("merlon.verify: one query must fit a computation");
    }
    if (restarts < 0 || restartWindow.isNegative() || replyGrace.isNegative()) {
      throw new IllegalArgumentException("merlon.verify: limits must not be negative");
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
        verify.getInt("native-batch"),
        verify.getBytes("memory"),
        verify.getInt("session-threads"),
        verify.getInt("queue-limit"),
        verify.getInt("restarts"),
        verify.getDuration("restart-window"),
        verify.getDuration("reply-grace"));
  }

  /** The same with another number of verifiers. */
  public VerificationSettings withVerifiers(int other) {
    return new VerificationSettings(
        other,
        batch,
        nativeBatch,
        memoryBytes,
        sessionThreads,
        queueLimit,
        restarts,
        restartWindow,
        replyGrace);
  }

  /** What an open model may take. */
  public Limits limits() {
    return new Limits(nativeBatch, memoryBytes, sessionThreads);
  }
}
