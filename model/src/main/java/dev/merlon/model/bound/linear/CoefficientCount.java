package dev.merlon.model.bound.linear;

import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Nonlinear;
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

  /** Of both bounds of every pre-activation of a sample that CROWN bounds by a row of its own. */
  public static long preActivations(Network network) {
    return preActivations(network, false, value -> row(network, value));
  }

  /** The same of those that it bounds through receptive fields. */
  public static long receptiveFields(Network network) {
    return preActivations(
        network, true, value -> Fields.of(network, value).orElseThrow().coefficients());
  }

  private interface PerRow {
    long count(int value);
  }

  private static long preActivations(Network network, boolean throughFields, PerRow row) {
    List<Boolean> exact = MixingDepth.exact(network);
    return network.nonlinear().stream()
        .map(node -> node.inputs().get(0))
        .distinct()
        .filter(value -> !exact.get(value) && !isNonlinear(network, value))
        .filter(value -> Fields.of(network, value).isPresent() == throughFields)
        .mapToLong(value -> 2 * network.shape(value).size() * row.count(value))
        .sum();
  }

  private static long row(Network network, int value) {
    return sizes(network, value).sum();
  }

  private static LongStream sizes(Network network, int last) {
    return IntStream.rangeClosed(0, last).mapToLong(id -> network.shape(id).size());
  }

  private static boolean isNonlinear(Network network, int value) {
    return value > 0 && network.node(value).operation() instanceof Nonlinear;
  }
}
