package dev.merlon.model.verify.exact;

import dev.merlon.model.bound.linear.AffinePiece;
import java.util.stream.IntStream;

/**
 * A layer of rectifiers.
 *
 * @param value number of its value
 * @param slope of the rectifiers below 0
 * @param operand what they are applied to
 * @param lower bounds of that, one for each neuron
 * @param upper bounds of that
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record RectifierLayer(
    int value, double slope, AffinePiece operand, double[] lower, double[] upper) {

  int width() {
    return lower.length;
  }

  boolean unstable(int neuron) {
    return lower[neuron] < 0 && upper[neuron] > 0;
  }

  int unstable() {
    return (int) IntStream.range(0, width()).filter(this::unstable).count();
  }
}
