package dev.merlon.model.bound;

import dev.merlon.model.network.Network;
import dev.merlon.model.network.Nonlinear;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** How many coefficients backward passes go through; what their memory is made of. */
public final class CoefficientCount {
  private CoefficientCount() {}

  /** Of one row on the logits of a sample. */
  public static long row(Network network) {
    return row(network, network.output().id());
  }

  /** Of all margins of a sample (CROWN-IBP). */
  public static long margins(Network network) {
    return (network.classes() - 1L) * row(network);
  }

  /**
   * Of both bounds of every pre-activation that CROWN bounds by rows of its own: those that differ
   * between samples, because the rows have passed a relaxation.
   */
  public static long preActivationsOfSample(Network network) {
    return preActivations(network, value -> behindRelaxation(network, value));
  }

  /** The same, those that are the same for all samples included. */
  public static long preActivations(Network network) {
    return preActivations(network, value -> row(network, value));
  }

  private interface PerRow {
    long count(int value);
  }

  private static long preActivations(Network network, PerRow row) {
    List<Boolean> exact = MixingDepth.exact(network);
    return network.nonlinear().stream()
        .map(node -> node.inputs().get(0))
        .distinct()
        .filter(value -> !exact.get(value) && !isNonlinear(network, value))
        .mapToLong(value -> 2 * network.shape(value).size() * row.count(value))
        .sum();
  }

  private static long row(Network network, int value) {
    return sizes(network, value).sum();
  }

  private static long behindRelaxation(Network network, int value) {
    int last =
        IntStream.rangeClosed(0, value).filter(id -> isNonlinear(network, id)).max().orElse(0);
    return sizes(network, last - 1).sum();
  }

  private static LongStream sizes(Network network, int last) {
    return IntStream.rangeClosed(0, last).mapToLong(id -> network.shape(id).size());
  }

  private static boolean isNonlinear(Network network, int value) {
    return value > 0 && network.node(value).operation() instanceof Nonlinear;
  }
}
