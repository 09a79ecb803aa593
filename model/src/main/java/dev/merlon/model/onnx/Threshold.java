package dev.merlon.model.onnx;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.tensor.Padding;
import java.math.BigDecimal;
import java.util.List;

/**
 * What makes a model with one output {@code f} a classifier of two classes: class 1 exactly where
 * {@code f} is above the threshold, class 0 elsewhere. Both classes get a logit, {@code [T, f]}, so
 * that margins are {@code T - f} for label 0 and {@code f - T} for label 1. Immutable.
 *
 * <p>What ONNX Runtime returned is compared with the decimal itself. The network has the float64
 * number nearest to it, off by one rounding, of which bounds that account for rounding make up for
 * many in every constant.
 */
public final class Threshold {
  private static final String NODE = "threshold";
  private static final int MOST_DIGITS = 100;
  private static final int MOST_DECIMALS = 400;
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Float.MAX_VALUE);

  private final BigDecimal value;
  private final double nearest;

  private Threshold(BigDecimal value) {
    this.value = value;
    this.nearest = value.doubleValue();
  }

  /**
   * The threshold of this decimal, whatever its trailing zeros.
   *
   * @throws MerlonException (configuration) when it has more than 100 digits, or is larger than
   *     float32 numbers are
   */
  public static Threshold of(BigDecimal value) {
    BigDecimal shortest = value.stripTrailingZeros();
    boolean fits =
        shortest.precision() <= MOST_DIGITS
            && shortest.scale() <= MOST_DECIMALS
            && shortest.precision() - (long) shortest.scale() <= MOST_DIGITS
            && shortest.abs().compareTo(LARGEST) <= 0;
    if (!fits) {
      throw refused("A threshold has at most 100 digits and is a float32 number in size");
    }
    return new Threshold(shortest.scale() < 0 ? shortest.setScale(0) : shortest);
  }

  /**
   * Reads a decimal such as {@code 0.5}, exactly.
   *
   * @throws MerlonException (configuration) when it is none
   */
  public static Threshold parse(String text) {
    try {
      return of(new BigDecimal(text));
    } catch (NumberFormatException malformed) {
      throw refused("'" + text + "' is no threshold");
    }
  }

  /** The decimal. */
  public BigDecimal value() {
    return value;
  }

  /**
   * The logits of both classes, whose order is the exact one of output and threshold.
   *
   * @param output what ONNX Runtime returned
   * @return {@code [T, f]} up to the last bit; an output that is no finite number stays as it is
   */
  double[] logits(double output) {
    if (!Double.isFinite(output)) {
      return new double[] {nearest, output};
    }
    boolean above = new BigDecimal(output).compareTo(value) > 0;
    double ordered =
        above ? Math.max(output, Math.nextUp(nearest)) : Math.min(output, Math.nextDown(nearest));
    return new double[] {nearest, ordered};
  }

  /** The network with both logits behind its only output. */
  Network behind(Network network) {
    Network.Builder builder = Network.builder(network.inputShape());
    for (Node node : network.nodes()) {
      builder.add(node.name(), node.operation(), node.inputs().toArray(Integer[]::new));
    }
    List<String> taken = network.nodes().stream().map(Node::name).toList();
    Padding inFront = new Padding(List.of(1), List.of(0));
    builder.append(ImageInput.free(NODE, taken), new Pad(inFront, nearest));
    return builder.build();
  }

  private static MerlonException refused(String problem) {
    return MerlonException.configuration(
        problem, "Give a decimal: 0.5 for a probability (a sigmoid at the end), 0 for a logit.");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Threshold that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /** The decimal, as it is written on the command line. */
  @Override
  public String toString() {
    return value.toPlainString();
  }
}
