package dev.merlon.model.training;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.tensor.Concatenation;
import java.util.List;

/**
 * What a robust term measured.
 *
 * @param perSample losses {@code [N]}
 * @param margins what they are the cross-entropy of, {@code [N, K]} with 0 in the label's column
 * @param certified which samples the term has right, boolean {@code [N]}, without gradient
 */
record TermValue(NDArray perSample, NDArray margins, NDArray certified) {

  /** A term that is the cross-entropy of margin bounds {@code [N, K]}. */
  static TermValue ofMargins(NDArray margins, NDArray oneHot) {
    return new TermValue(
        Margins.crossEntropy(margins, oneHot),
        margins,
        Margins.smallest(margins.stopGradient(), oneHot).gt(0));
  }

  /**
   * The values of one term for consecutive images.
   *
   * @param parts at least one
   */
  static TermValue joined(List<TermValue> parts) {
    return new TermValue(
        Concatenation.of(parts.stream().map(TermValue::perSample).toList(), 0),
        Concatenation.of(parts.stream().map(TermValue::margins).toList(), 0),
        Concatenation.of(parts.stream().map(TermValue::certified).toList(), 0));
  }

  /** The term with the loss of each sample times a weight, {@code [N]}. */
  TermValue weighted(NDArray weights) {
    return new TermValue(perSample.mul(weights), margins, certified);
  }
}
