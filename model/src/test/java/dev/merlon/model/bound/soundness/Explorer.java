package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.Network;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Sends points through a network to find the ends of what its values can be: random points inside
 * and on the border of the set, corners, and points driven by gradient descent on every margin and
 * on single neurons of every value.
 */
final class Explorer {
  private static final int RANDOM_POINTS = 160;
  private static final int NEURONS_PER_VALUE = 6;
  private static final double[] STEPS = {2, 1, 0.5, 0.25, 0.1};

  private final OpenCase open;
  private final NormBall set;
  private final SplittableRandom random;
  private final Extremes extremes;

  private Explorer(OpenCase open, double eps) {
    this.open = open;
    this.set = open.spec().set(eps);
    this.random = new SplittableRandom(open.spec().seed() + 77);
    this.extremes = new Extremes(open.spec().network(), open.labels());
  }

  /** What points of the balls of this radius reach. */
  static Extremes explore(OpenCase open, double eps) {
    Explorer explorer = new Explorer(open, eps);
    explorer.scatter();
    explorer.descend();
    return explorer.extremes;
  }

  private void scatter() {
    try (Scope scope = open.scope().child("scattered points")) {
      NDArray x = repeated(scope, RANDOM_POINTS);
      long[] shape = x.getShape().getShape();
      NDArray inside = set.norm().randomStart(random, scope, DataType.FLOAT64, set.eps(), shape);
      take(set.project(x, x.add(inside)));
      NDArray onBorder = set.norm().steepest(inside).mul(set.eps());
      take(set.project(x, x.add(onBorder)));
    }
  }

  // Each row of the batch drives one target down: a margin, or a neuron up or down.
  private void descend() {
    List<double[][]> targets = targets();
    int each = targets.size();
    try (Scope scope = open.scope().child("driven points")) {
      NDArray x = repeated(scope, each);
      List<NDArray> weights = weights(targets, scope);
      NDArray start =
          set.norm()
              .randomStart(random, scope, DataType.FLOAT64, set.eps(), x.getShape().getShape());
      NDArray point = set.project(x, x.add(start.mul(0.5)));
      for (double step : STEPS) {
        NDArray gradient = gradient(point, weights, scope);
        NDArray moved = point.sub(set.norm().steepest(gradient).mul(step * set.eps()));
        point = set.project(x, moved);
        take(point);
      }
    }
  }

  private NDArray gradient(NDArray point, List<NDArray> weights, Scope scope) {
    return Autograd.recording(
        () -> {
          NDArray leaf = scope.leaf(point);
          List<NDArray> values = Concrete.values(open.exact(), leaf);
          NDArray sum = values.get(0).mul(weights.get(0)).sum();
          for (int value = 1; value < values.size(); value++) {
            sum = sum.add(values.get(value).mul(weights.get(value)).sum());
          }
          Autograd.backward(sum);
          return Autograd.gradient(leaf);
        });
  }

  // Coefficients on all values, one array per value, empty where a target does not touch it.
  private List<double[][]> targets() {
    Network network = open.spec().network();
    List<double[][]> targets = new ArrayList<>();
    int output = network.output().id();
    for (int j = 0; j < network.classes(); j++) {
      double[][] margin = new double[output + 1][0];
      margin[output] = new double[network.classes()];
      margin[output][j] = -1;
      targets.add(margin);
    }
    for (int value = 1; value <= output; value++) {
      int width = Math.toIntExact(network.shape(value).size());
      for (int i = 0; i < NEURONS_PER_VALUE; i++) {
        double[][] neuron = new double[output + 1][0];
        neuron[value] = new double[width];
        neuron[value][random.nextInt(width)] = i % 2 == 0 ? 1 : -1;
        targets.add(neuron);
      }
    }
    return targets;
  }

  private List<NDArray> weights(List<double[][]> targets, Scope scope) {
    Network network = open.spec().network();
    List<NDArray> weights = new ArrayList<>();
    int rows = open.samples() * targets.size();
    for (int value = 0; value <= network.nodes().size(); value++) {
      Shape shape = network.shape(value);
      int width = Math.toIntExact(shape.size());
      double[] flat = new double[rows * width];
      for (int row = 0; row < rows; row++) {
        double[] target = targets.get(row % targets.size())[value];
        System.arraycopy(target, 0, flat, row * width, target.length);
        boolean isMargin = row % targets.size() < network.classes();
        if (isMargin && value == network.output().id()) {
          flat[row * width + open.labels()[row / targets.size()]] += 1;
        }
      }
      weights.add(scope.tensor(flat, DataType.FLOAT64, new Shape(rows).addAll(shape).getShape()));
    }
    return weights;
  }

  private void take(NDArray points) {
    Autograd.withoutGradients(
        () -> {
          extremes.add(Concrete.values(open.exact(), points));
          return true;
        });
  }

  private NDArray repeated(Scope scope, int each) {
    return scope.adopt(open.inputs().repeat(0, each));
  }
}
