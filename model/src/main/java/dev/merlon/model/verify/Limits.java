package dev.merlon.model.verify;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import java.util.Locale;

/**
 * What an open model may take.
 *
 * @param batch queries of one native computation, at least 1
 * @param memoryBytes what the tensors of one computation may take, roughly; at least 1
 * @param threads threads of one operator of ONNX Runtime, at least 1
 */
public record Limits(int batch, long memoryBytes, int threads) {
  /** Checks the ranges. */
  public Limits {
    if (batch < 1 || memoryBytes < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "limits of at least 1, not " + batch + ", " + memoryBytes + ", " + threads);
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
