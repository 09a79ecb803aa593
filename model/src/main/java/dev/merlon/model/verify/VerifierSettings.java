package dev.merlon.model.verify;

import dev.merlon.config.EvaluationAttack;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.network.Network;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How hard a verifier tries.
 *
 * @param rungs what is tried, from cheap to dear (see {@link Rung#ladder})
 * @param guarantee what certificates are about
 * @param attack the search for counterexamples
 * @param seed keys the attack's start points
 * @param timeout time for one query; once it is spent no further rung is tried
 * @param limits how many queries are computed at once
 * @param crossCheck whether certified queries are attacked too; a confirmed counterexample turns
 *     the certificate into a conflict
 */
public record VerifierSettings(
    List<Rung> rungs,
    Guarantee guarantee,
    EvaluationAttack attack,
    long seed,
    Duration timeout,
    Limits limits,
    boolean crossCheck) {

  /** Puts the rungs in order. */
  public VerifierSettings {
    rungs = Rung.ladder(rungs.stream().map(Rung::word).toList());
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("a timeout is not negative: " + timeout);
    }
  }

  /**
   * How many queries one native computation works on.
   *
   * @param batch at most so many, at least 1
   * @param memoryBytes what the tensors of one computation may take, roughly; at least 1
   */
  public record Limits(int batch, long memoryBytes) {
    /** Checks the ranges. */
    public Limits {
      if (batch < 1 || memoryBytes < 1) {
        throw new IllegalArgumentException(
            "limits of at least 1, not " + batch + ", " + memoryBytes);
      }
    }

    /**
     * Checks that bounds of one query fit.
     *
     * @throws MerlonException (configuration) when the network is too large for the memory
     */
    public void requireRoom(Network network) {
      long bytes = RungSteps.bytesOfOne(network);
      if (bytes > memoryBytes) {
        throw new MerlonException(
            new Failure.Configuration(
                String.format(
                    Locale.ROOT,
                    "The model has %,d values a sample: bounds of one input take about %,d MiB, and"
                        + " %,d MiB are allowed",
                    network.values(),
                    mebibytes(bytes),
                    mebibytes(memoryBytes)),
                "Raise merlon.verify.memory, or use a smaller model."));
      }
    }

    private static long mebibytes(long bytes) {
      return (bytes + (1 << 20) - 1) >> 20;
    }

    /** How many queries fit that need so much memory each; at least 1. */
    int queries(long bytesPerQuery) {
      return (int) Math.max(1, Math.min(batch, memoryBytes / Math.max(1, bytesPerQuery)));
    }
  }
}
