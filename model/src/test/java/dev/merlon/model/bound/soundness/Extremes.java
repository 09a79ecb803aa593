package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The least and the largest value of each neuron and margin that any point has reached, per sample.
 */
final class Extremes {
  private final Network network;
  private final int[] labels;
  private final List<HostBox> reached = new ArrayList<>();
  private final double[][] margins;
  private long points;

  Extremes(Network network, int... labels) {
    this.network = network;
    this.labels = labels;
    this.margins = filled(network.classes(), Double.POSITIVE_INFINITY);
    for (int value = 0; value <= network.nodes().size(); value++) {
      int width = Math.toIntExact(network.shape(value).size());
      reached.add(
          new HostBox(
              filled(width, Double.POSITIVE_INFINITY), filled(width, Double.NEGATIVE_INFINITY)));
    }
  }

  /**
   * Takes in points.
   *
   * @param values all values of the network, each {@code [N * P, ...]}, the points of a sample one
   *     after another
   */
  void add(List<NDArray> values) {
    for (int value = 0; value < values.size(); value++) {
      double[][] rows = HostBox.rows(values.get(value));
      int each = rows.length / labels.length;
      for (int row = 0; row < rows.length; row++) {
        widen(reached.get(value), row / each, rows[row]);
      }
    }
    double[][] logits = HostBox.rows(values.get(values.size() - 1));
    int each = logits.length / labels.length;
    for (int row = 0; row < logits.length; row++) {
      lowerMargins(row / each, logits[row]);
    }
    points += logits.length;
  }

  long points() {
    return points;
  }

  /** The first neuron found outside its bounds, in words. */
  Optional<String> outside(Map<Integer, HostBox> boxes, double tolerance) {
    for (Map.Entry<Integer, HostBox> entry : boxes.entrySet()) {
      HostBox seen = reached.get(entry.getKey());
      String name = entry.getKey() == 0 ? "input" : network.node(entry.getKey()).name();
      for (int sample = 0; sample < labels.length; sample++) {
        Optional<String> low =
            below(name, entry.getValue().lower()[sample], seen.lower()[sample], tolerance);
        if (low.isPresent()) {
          return low;
        }
        Optional<String> high =
            below(
                name + " (negated)",
                negated(entry.getValue().upper()[sample]),
                negated(seen.upper()[sample]),
                tolerance);
        if (high.isPresent()) {
          return high;
        }
      }
    }
    return Optional.empty();
  }

  /** The first margin found below its bound, in words. */
  Optional<String> outside(double[][] marginBounds, double tolerance) {
    for (int sample = 0; sample < labels.length; sample++) {
      Optional<String> low = below("margin", marginBounds[sample], margins[sample], tolerance);
      if (low.isPresent()) {
        return low;
      }
    }
    return Optional.empty();
  }

  // Rounding grows with the size of the layer's values.
  private static Optional<String> below(
      String what, double[] bound, double[] seen, double tolerance) {
    if (bound.length != seen.length) {
      return Optional.of(what + ": " + bound.length + " bounds for " + seen.length + " neurons");
    }
    double size = 1;
    for (double value : bound) {
      if (Double.isNaN(value)) {
        return Optional.of(what + ": the bound is not a number");
      }
      size = Math.max(size, Math.abs(value));
    }
    for (int i = 0; i < bound.length; i++) {
      if (seen[i] < bound[i] - tolerance * size) {
        return Optional.of(
            what + "[" + i + "] reaches " + seen[i] + " below its bound " + bound[i]);
      }
    }
    return Optional.empty();
  }

  private static double[] negated(double... values) {
    double[] negated = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      negated[i] = -values[i];
    }
    return negated;
  }

  private void lowerMargins(int sample, double... logits) {
    for (int j = 0; j < logits.length; j++) {
      margins[sample][j] = Math.min(margins[sample][j], logits[labels[sample]] - logits[j]);
    }
  }

  private static void widen(HostBox box, int sample, double... row) {
    for (int i = 0; i < row.length; i++) {
      box.lower()[sample][i] = Math.min(box.lower()[sample][i], row[i]);
      box.upper()[sample][i] = Math.max(box.upper()[sample][i], row[i]);
    }
  }

  private double[][] filled(int width, double value) {
    double[][] rows = new double[labels.length][width];
    for (double[] row : rows) {
      java.util.Arrays.fill(row, value);
    }
    return rows;
  }
}
