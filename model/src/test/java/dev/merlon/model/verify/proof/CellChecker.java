package dev.merlon.model.verify.proof;

import dev.merlon.model.norm.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Checks proofs by cells of one parameter that moves all pixels alike, over the network of {@link
 * DenseChecker}, in plain loops that share nothing with the product. Along that line the network is
 * piecewise linear: where no neuron changes its side between two parameters, the margin is linear
 * between them and smallest at one of them. So what is claimed of a cell is compared with the
 * margin's minimum there itself, and nothing is said of how it was found.
 *
 * @param weights of three layers, {@code [out][in]}
 * @param biases of three layers
 * @param center the input
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record CellChecker(double[][][] weights, double[][] biases, double[] center) {
  // Where a neuron changes its side is found up to that; the margin is no steeper than STEEPEST.
  private static final double NARROW = 1e-12;
  private static final double STEEPEST = 1e3;

  /** What is wrong with a proof that a label is ahead of another class over the range. */
  List<String> problems(MarginProof.ByCells proof, Cell range, int label, int other) {
    List<String> problems = new ArrayList<>();
    List<MarginProof.BoundedCell> inOrder = new ArrayList<>(proof.cells());
    inOrder.sort(Comparator.comparingDouble(each -> each.cell().lower(0)));
    double end = range.lower(0);
    for (MarginProof.BoundedCell each : inOrder) {
      if (each.cell().lower(0) > end) {
        problems.add("no cell holds what is above " + end);
      }
      end = Math.max(end, each.cell().upper(0));
      double least = least(each.cell().lower(0), each.cell().upper(0), label, other);
      if (!(each.lower() > 0 && each.lower() <= least)) {
        problems.add("a cell claims " + each.lower() + ", but its minimum is " + least);
      }
    }
    if (end < range.upper(0)) {
      problems.add("no cell holds what is above " + end);
    }
    return problems;
  }

  private double least(double from, double to, int label, int other) {
    double[] first = signed(from, label, other);
    double[] last = signed(to, label, other);
    double ends = Math.min(first[first.length - 1], last[last.length - 1]);
    if (!changes(first, last)) {
      return ends;
    }
    if (to - from < NARROW) {
      return ends - STEEPEST * NARROW;
    }
    double middle = 0.5 * (from + to);
    return Math.min(least(from, middle, label, other), least(middle, to, label, other));
  }

  private static boolean changes(double[] first, double[] last) {
    for (int i = 0; i < first.length - 1; i++) {
      if (first[i] < 0 != last[i] < 0) {
        return true;
      }
    }
    return false;
  }

  /** Every neuron's operand, in their order, and the margin. */
  private double[] signed(double parameter, int label, int other) {
    double[] all = new double[biases[0].length + biases[1].length + 1];
    double[] values = center.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += parameter;
    }
    int count = 0;
    for (int layer = 0; layer < 3; layer++) {
      double[] next = biases[layer].clone();
      for (int i = 0; i < next.length; i++) {
        for (int j = 0; j < values.length; j++) {
          next[i] += weights[layer][i][j] * values[j];
        }
        if (layer < 2) {
          all[count++] = next[i];
          next[i] = Math.max(0, next[i]);
        }
      }
      values = next;
    }
    all[count] = values[label] - values[other];
    return all;
  }
}
