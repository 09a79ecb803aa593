package dev.merlon.model.verify.exact;

import dev.merlon.model.bound.linear.AffinePiece;
import dev.merlon.model.bound.split.Subproblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A subproblem of an input set on which rectifiers have known sides, as affine functions of the
 * input. What depends on a rectifier that is still open is not affine there and is left out.
 */
final class AffineLeaf {
  private final int inputs;
  private final Map<Integer, List<Optional<Row>>> values = new HashMap<>();
  private final List<Split> splits = new ArrayList<>();

  private AffineLeaf(int inputs) {
    this.inputs = inputs;
  }

  /** {@code <coefficients, x> + constant}. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Row(double[] coefficients, double constant) {
    Row times(double factor) {
      double[] scaled = Arrays.stream(coefficients).map(a -> a * factor).toArray();
      return new Row(scaled, constant * factor);
    }
  }

  /**
   * A split of the subproblem.
   *
   * @param row the neuron's operand; none where it is not affine
   * @param active whether it is at least 0, or at most 0
   */
  record Split(Optional<Row> row, boolean active) {}

  /**
   * The subproblem written out.
   *
   * @param layers in the network's order
   * @param inputs number of the input's coordinates
   */
  static AffineLeaf of(List<RectifierLayer> layers, Subproblem subproblem, int inputs) {
    AffineLeaf leaf = new AffineLeaf(inputs);
    Map<Integer, Integer> sides = new HashMap<>();
    for (int i = 0; i < subproblem.splits().length; i++) {
      sides.put(subproblem.neuron(i), i);
      leaf.splits.add(new Split(Optional.empty(), subproblem.active(i)));
    }
    int unstable = 0;
    for (RectifierLayer layer : layers) {
      List<Optional<Row>> results = new ArrayList<>(layer.width());
      for (int i = 0; i < layer.width(); i++) {
        Optional<Integer> split =
            layer.unstable(i) ? Optional.ofNullable(sides.get(unstable++)) : Optional.empty();
        results.add(leaf.result(layer, i, split));
      }
      leaf.values.put(layer.value(), results);
    }
    return leaf;
  }

  /** The splits in the subproblem's order. */
  List<Split> splits() {
    return splits;
  }

  /** {@code f_label - f_other}, where it is affine. */
  Optional<Row> difference(AffinePiece logits, int label, int other) {
    return row(logits, label)
        .flatMap(
            first ->
                row(logits, other)
                    .map(
                        second -> {
                          double[] a = first.coefficients().clone();
                          Arrays.setAll(a, i -> a[i] - second.coefficients()[i]);
                          return new Row(a, first.constant() - second.constant());
                        }));
  }

  private Optional<Row> result(RectifierLayer layer, int neuron, Optional<Integer> split) {
    boolean open = layer.unstable(neuron) && split.isEmpty();
    if (open) {
      return Optional.empty();
    }
    Optional<Row> operand = row(layer.operand(), neuron);
    split.ifPresent(i -> splits.set(i, new Split(operand, splits.get(i).active())));
    boolean active = split.map(i -> splits.get(i).active()).orElse(layer.lower()[neuron] >= 0);
    return operand.map(row -> active ? row : row.times(layer.slope()));
  }

  private Optional<Row> row(AffinePiece piece, int neuron) {
    double[] coefficients = new double[inputs];
    double constant = piece.constants()[neuron];
    for (Map.Entry<Integer, double[][]> source : piece.coefficients().entrySet()) {
      double[] weights = source.getValue()[neuron];
      for (int k = 0; k < weights.length; k++) {
        if (weights[k] == 0) {
          continue;
        }
        if (source.getKey() == 0) {
          coefficients[k] += weights[k];
          continue;
        }
        Optional<Row> known = Optional.ofNullable(values.get(source.getKey())).orElseThrow().get(k);
        if (known.isEmpty()) {
          return Optional.empty();
        }
        Row row = known.get();
        for (int i = 0; i < inputs; i++) {
          coefficients[i] += weights[k] * row.coefficients()[i];
        }
        constant += weights[k] * row.constant();
      }
    }
    return Optional.of(new Row(coefficients, constant));
  }
}
