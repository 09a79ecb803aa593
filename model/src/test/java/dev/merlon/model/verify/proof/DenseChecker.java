package dev.merlon.model.verify.proof;

import dev.merlon.model.bound.split.ProvedSubproblem;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Checks trees of splits over a network {@code x -> W_3 relu(W_2 relu(W_1 x + b_1) + b_2) + b_3},
 * in plain loops that share nothing with the product: its leaves have to be the whole cell, and
 * each leaf's bound has to come out again by beta-CROWN (Wang et al. 2021, equation 8) with the
 * slopes and multipliers that it names.
 *
 * @param weights of three layers, {@code [out][in]}
 * @param biases of three layers
 * @param least the smallest value over the cell of a linear function with these coefficients
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record DenseChecker(
    double[][][] weights, double[][] biases, ToDoubleFunction<double[]> least) {
  // Of what is claimed; the product takes what rounding may cost off its bounds.
  private static final double ROUNDING = 1e-10;

  /** Over a whole ball of the l2 norm. */
  static ToDoubleFunction<double[]> overBall(double[] center, double radius) {
    return a -> dot(a, center) - radius * Math.sqrt(dot(a, a));
  }

  /** Over a box. */
  public static ToDoubleFunction<double[]> overBox(double[] lower, double[] upper) {
    return a -> {
      double sum = 0;
      for (int i = 0; i < a.length; i++) {
        sum += Math.min(a[i] * lower[i], a[i] * upper[i]);
      }
      return sum;
    };
  }

  /** The bound that a leaf's numbers give, whatever it claims. */
  public double bound(MarginProof.Tree tree, ProvedSubproblem leaf, int label, int other) {
    List<double[][]> boxes = boxes(tree);
    return bound(leaf, boxes, unstable(boxes), label, other);
  }

  /** Whether a leaf of a tree splits every neuron that it could: its network is affine. */
  public static boolean isAffine(MarginProof.Tree tree, ProvedSubproblem leaf) {
    return leaf.splits().length == unstable(boxes(tree)).size();
  }

  /** An unstable neuron: its layer from 0, its place there, and its operand's bounds. */
  private record Neuron(int layer, int place, double lower, double upper) {}

  /** What is wrong with a tree that is to prove that a label is ahead of another class. */
  List<String> problems(MarginProof.Tree tree, int label, int other) {
    List<String> problems = new ArrayList<>();
    if (!covers(tree.leaves().stream().map(ProvedSubproblem::splits).toList(), new ArrayList<>())) {
      problems.add("the leaves are not the whole");
    }
    List<double[][]> boxes = boxes(tree);
    List<Neuron> unstable = unstable(boxes);
    for (ProvedSubproblem leaf : tree.leaves()) {
      double again = bound(leaf, boxes, unstable, label, other);
      if (!(leaf.lower() > 0)) {
        problems.add("a leaf claims " + leaf.lower());
      } else if (!(again > 0) || Math.abs(again - leaf.lower()) > ROUNDING) {
        problems.add("a leaf claims " + leaf.lower() + ", but its numbers give " + again);
      }
    }
    return problems;
  }

  // Whether subproblems are the whole of the subproblem that these splits lead to: one of them is
  // all of it, or
  // both halves at the next neuron that one of them splits are covered.
  private static boolean covers(List<int[]> subproblems, List<Integer> path) {
    List<int[]> here =
        subproblems.stream().filter(subproblem -> !contradicts(subproblem, path)).toList();
    if (here.isEmpty()) {
      return false;
    }
    int[] first = here.get(0);
    int next = Arrays.stream(first).filter(split -> !path.contains(split)).findFirst().orElse(0);
    return next == 0 || (covers(here, with(path, next)) && covers(here, with(path, -next)));
  }

  private static boolean contradicts(int[] subproblem, List<Integer> path) {
    return Arrays.stream(subproblem).anyMatch(split -> path.contains(-split));
  }

  private static List<Integer> with(List<Integer> path, int split) {
    List<Integer> longer = new ArrayList<>(path);
    longer.add(split);
    return longer;
  }

  /** Bounds of both hidden layers' operands, which come in the network's order. */
  private static List<double[][]> boxes(MarginProof.Tree tree) {
    Map<Integer, HostTensor> lower = tree.inside().lower();
    return lower.keySet().stream()
        .sorted()
        .map(value -> new double[][] {corner(lower, value), corner(tree.inside().upper(), value)})
        .toList();
  }

  private static double[] corner(Map<Integer, HostTensor> corners, int value) {
    return Objects.requireNonNull(corners.get(value)).toDoubles();
  }

  private static List<Neuron> unstable(List<double[][]> boxes) {
    List<Neuron> all = new ArrayList<>();
    for (int layer = 0; layer < boxes.size(); layer++) {
      double[][] box = boxes.get(layer);
      for (int place = 0; place < box[0].length; place++) {
        if (box[0][place] < 0 && box[1][place] > 0) {
          all.add(new Neuron(layer, place, box[0][place], box[1][place]));
        }
      }
    }
    return all;
  }

  private double bound(
      ProvedSubproblem leaf, List<double[][]> boxes, List<Neuron> unstable, int label, int other) {
    double[] a = new double[biases[2].length];
    a[label] = 1;
    a[other] = -1;
    double constant = 0;
    for (int layer = 2; layer >= 0; layer--) {
      constant += dot(a, biases[layer]);
      a = times(a, weights[layer]);
      if (layer > 0) {
        constant += relax(a, layer - 1, boxes.get(layer - 1), leaf, unstable);
      }
    }
    return constant + least.applyAsDouble(a);
  }

  /** Coefficients on a layer's values become some on its operands; the constant that is added. */
  private static double relax(
      double[] a, int layer, double[][] box, ProvedSubproblem leaf, List<Neuron> unstable) {
    double constant = 0;
    for (int place = 0; place < a.length; place++) {
      if (box[1][place] <= 0) {
        a[place] = 0;
      }
    }
    for (int number = 0; number < unstable.size(); number++) {
      Neuron neuron = unstable.get(number);
      if (neuron.layer() == layer) {
        constant += relax(a, neuron, number, leaf);
      }
    }
    return constant;
  }

  private static double relax(double[] a, Neuron neuron, int number, ProvedSubproblem leaf) {
    int place = neuron.place();
    for (int i = 0; i < leaf.splits().length; i++) {
      if (Math.abs(leaf.splits()[i]) - 1 == number) {
        boolean active = leaf.splits()[i] > 0;
        double multiplier = Math.max(0, leaf.multipliers()[i]);
        a[place] = (active ? a[place] : 0) + (active ? -multiplier : multiplier);
        return 0;
      }
    }
    if (a[place] >= 0) {
      a[place] *= Math.max(0, Math.min(1, leaf.slopes()[number]));
      return 0;
    }
    double slope = neuron.upper() / (neuron.upper() - neuron.lower());
    double constant = -a[place] * slope * neuron.lower();
    a[place] *= slope;
    return constant;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] times(double[] a, double[][] matrix) {
    double[] product = new double[matrix[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < product.length; j++) {
        product[j] += a[i] * matrix[i][j];
      }
    }
    return product;
  }
}
