package dev.merlon.model.training;

import dev.merlon.model.network.ParameterValues;

/**
 * An average of weights in Java memory.
 *
 * @param epochs how many epochs' weights it is the average of; at least 1
 * @param values the average and the batch-norm statistics measured with it
 */
public record AverageState(int epochs, ParameterValues values) {
  /** Rejects an average of nothing. */
  public AverageState {
    if (epochs < 1) {
      throw new IllegalArgumentException("an average of " + epochs + " epochs");
    }
  }
}
