package dev.merlon.model.training;

/**
 * The best model that a run has compared so far.
 *
 * @param epoch at whose end it was, counted from 1
 * @param value what it was compared by, in {@code [0, 1]}
 */
public record BestModel(int epoch, double value) {
  /** Whether its score tells it from others: where none is above 0, nothing was chosen. */
  public boolean isChosen() {
    return value > 0;
  }
}
