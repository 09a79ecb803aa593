package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Add;
import dev.merlon.model.network.BatchNorm;
import dev.merlon.model.network.Conv2d;
import dev.merlon.model.network.Flatten;
import dev.merlon.model.network.Linear;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.Normalize;
import dev.merlon.model.network.OperationVisitor;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.Relu;
import dev.merlon.model.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * A small network in evaluation as dense float64 matrices in Java memory: a second implementation
 * that shares no arithmetic with the first.
 *
 * @param widths length of each value, flattened
 * @param steps how each value but the input is computed; step {@code i} computes value {@code i +
 *     1}
 */
record DenseNetwork(List<Integer> widths, List<Step> steps) {

  /** How a value is computed. */
  sealed interface Step {}

  /** {@code matrix x + offset}. */
  static final class Affine implements Step {
    private final int operand;
    private final double[][] matrix;
    private final double[] offset;
    private final AffineKind kind;

    Affine(int operand, double[][] matrix, double[] offset, AffineKind kind) {
      this.operand = operand;
      this.matrix = matrix;
      this.offset = offset;
      this.kind = kind;
    }

    int operand() {
      return operand;
    }

    double[][] matrix() {
      return matrix;
    }

    double[] offset() {
      return offset;
    }

    /** What layer it stands for. */
    AffineKind kind() {
      return kind;
    }
  }

  /** A rectifier. */
  record Rectifier(int operand) implements Step {}

  /** A sum. */
  record Sum(int left, int right) implements Step {}

  /** What an affine step stands for. */
  enum AffineKind {
    /** Convolution or fully connected layer. */
    WEIGHTED,
    /** Input normalisation. */
    NORMALISATION,
    /** Batch normalisation or flattening. */
    OTHER
  }

  /**
   * The dense form.
   *
   * @param padded whether convolutions are moved by their padding, as they should be
   */
  static DenseNetwork of(Network network, ParameterValues values, boolean padded) {
    List<Integer> widths = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    widths.add(Math.toIntExact(network.inputShape().size()));
    Writer writer = new Writer(network, values, padded);
    for (Node node : network.nodes()) {
      widths.add(Math.toIntExact(node.shape().size()));
      steps.add(node.operation().accept(writer, node));
    }
    return new DenseNetwork(widths, steps);
  }

  private record Writer(Network network, ParameterValues values, boolean padded)
      implements OperationVisitor<Node, Step> {

    @Override
    public Step normalize(Normalize operation, Node node) {
      return diagonal(
          node,
          c -> 1 / operation.std().get(c),
          c -> -operation.mean().get(c) / operation.std().get(c),
          AffineKind.NORMALISATION);
    }

    @Override
    public Step batchNorm(BatchNorm operation, Node node) {
      double[] gamma = tensor(node, "weight");
      double[] beta = tensor(node, "bias");
      double[] mean = tensor(node, "running_mean");
      double[] variance = tensor(node, "running_var");
      IntToDoubleFunction scale = c -> gamma[c] / Math.sqrt(variance[c] + operation.epsilon());
      return diagonal(
          node, scale, c -> beta[c] - scale.applyAsDouble(c) * mean[c], AffineKind.OTHER);
    }

    @Override
    public Step linear(Linear operation, Node node) {
      double[] flat = tensor(node, "weight");
      double[][] matrix = new double[operation.out()][operation.in()];
      for (int i = 0; i < operation.out(); i++) {
        System.arraycopy(flat, i * operation.in(), matrix[i], 0, operation.in());
      }
      double[] offset = operation.bias() ? tensor(node, "bias") : new double[operation.out()];
      return new Affine(operand(node), matrix, offset, AffineKind.WEIGHTED);
    }

    @Override
    public Step conv2d(Conv2d operation, Node node) {
      Shape in = network.shape(operand(node));
      Shape out = node.shape();
      double[] bias = operation.bias() ? tensor(node, "bias") : new double[operation.out()];
      double[][] matrix = new double[(int) out.size()][(int) in.size()];
      double[] offset = new double[(int) out.size()];
      int plane = (int) (out.get(1) * out.get(2));
      for (int i = 0; i < matrix.length; i++) {
        int row = (i % plane) / (int) out.get(2);
        int column = i % (int) out.get(2);
        offset[i] = bias[i / plane];
        fill(matrix[i], operation, in, new int[] {i / plane, row, column}, tensor(node, "weight"));
      }
      return new Affine(operand(node), matrix, offset, AffineKind.WEIGHTED);
    }

    @Override
    public Step relu(Relu operation, Node node) {
      return new Rectifier(operand(node));
    }

    @Override
    public Step add(Add operation, Node node) {
      return new Sum(node.inputs().get(0), node.inputs().get(1));
    }

    @Override
    public Step flatten(Flatten operation, Node node) {
      int width = Math.toIntExact(node.shape().size());
      double[][] identity = new double[width][width];
      for (int i = 0; i < width; i++) {
        identity[i][i] = 1;
      }
      return new Affine(operand(node), identity, new double[width], AffineKind.OTHER);
    }

    private void fill(double[] row, Conv2d operation, Shape in, int[] at, double... weight) {
      int height = (int) in.get(1);
      int width = (int) in.get(2);
      int top = at[1] * operation.stride().height() - (padded ? operation.padding().height() : 0);
      int left = at[2] * operation.stride().width() - (padded ? operation.padding().width() : 0);
      int tap = at[0] * operation.in() * operation.kernel().height() * operation.kernel().width();
      for (int c = 0; c < operation.in(); c++) {
        for (int y = top; y < top + operation.kernel().height(); y++) {
          for (int x = left; x < left + operation.kernel().width(); x++, tap++) {
            if (y >= 0 && y < height && x >= 0 && x < width) {
              row[(c * height + y) * width + x] += weight[tap];
            }
          }
        }
      }
    }

    private Step diagonal(
        Node node, IntToDoubleFunction scale, IntToDoubleFunction shift, AffineKind kind) {
      int width = Math.toIntExact(node.shape().size());
      int plane = width / Math.toIntExact(node.shape().get(0));
      double[][] matrix = new double[width][width];
      double[] offset = new double[width];
      for (int i = 0; i < width; i++) {
        matrix[i][i] = scale.applyAsDouble(i / plane);
        offset[i] = shift.applyAsDouble(i / plane);
      }
      return new Affine(operand(node), matrix, offset, kind);
    }

    private double[] tensor(Node node, String suffix) {
      HostTensor tensor = values.get(node.parameter(suffix));
      return tensor.toDoubles();
    }

    private static int operand(Node node) {
      return node.inputs().get(0);
    }
  }
}
