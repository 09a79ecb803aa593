package dev.merlon.model.onnx.operator;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** How the outputs of a file follow from the logits that its network computes. */
public enum Ending {
  /** The outputs are the logits. */
  LOGITS(""),
  /** The outputs are {@code exp(z_i) / sum exp(z_j)}. */
  SOFTMAX("Softmax"),
  /** The outputs are {@code z_i - log sum exp(z_j)}. */
  LOG_SOFTMAX("LogSoftmax");

  private final String operator;

  Ending(String operator) {
    this.operator = operator;
  }

  /** The ending that an operator of ONNX makes. */
  public static Optional<Ending> of(String operator) {
    return Stream.of(SOFTMAX, LOG_SOFTMAX)
        .filter(ending -> ending.operator.equals(operator))
        .findFirst();
  }

  /** The operator of ONNX; empty for logits. */
  public String operator() {
    return operator;
  }

  /** The outputs for logits of one input, in float64 arithmetic. */
  public double[] outputs(double... logits) {
    if (this == LOGITS) {
      return logits.clone();
    }
    double largest = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(z -> Math.exp(z - largest)).sum();
    double whole = largest + Math.log(sum);
    return Arrays.stream(logits)
        .map(z -> this == SOFTMAX ? Math.exp(z - whole) : z - whole)
        .toArray();
  }
}
