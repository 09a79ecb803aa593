package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.NonlinearVisitor;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.OperationVisitor;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Windows;
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
public record DenseNetwork(List<Integer> widths, List<Step> steps) {

  /** How a value is computed. */
  public sealed interface Step permits Affine, Sum, Join, DenseNonlinear {}

  /** A way to get matrices wrong. */
  public enum Misreading {
    /** None. */
    NONE,
    /** Convolutions and means are not moved by their padding. */
    NO_PADDING,
    /** Every output channel of a grouped convolution sees the first group. */
    FIRST_GROUP,
    /** Means count padding where they should not, and do not where they should. */
    PADDING_IN_MEANS
  }

  /** {@code matrix x + offset}. */
  public static final class Affine implements Step {
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

    /** Number of the value it takes. */
    public int operand() {
      return operand;
    }

    /** {@code [width][width of the operand]}. */
    public double[][] matrix() {
      return matrix;
    }

    /** {@code [width]}. */
    public double[] offset() {
      return offset;
    }

    /** What layer it stands for. */
    AffineKind kind() {
      return kind;
    }
  }

  /** A sum. */
  public record Sum(int left, int right) implements Step {}

  /**
   * The sum of several operands' images under matrices of zeros and ones, none of which overlap.
   */
  public record Join(List<Integer> operands, List<double[][]> parts) implements Step {}

  /** What an affine step stands for. */
  enum AffineKind {
    /** Convolution or fully connected layer. */
    WEIGHTED,
    /** Input normalisation. */
    NORMALISATION,
    /** Mean over neurons, behind which boxes need not be exact. */
    MEAN,
    /** Batch normalisation, arithmetic with constants, padding or rearrangement. */
    OTHER
  }

  /**
   * The dense form.
   *
   * @param misreading what it gets wrong
   */
  public static DenseNetwork of(Network network, ParameterValues values, Misreading misreading) {
    List<Integer> widths = new ArrayList<>();
    List<Step> steps = new ArrayList<>();
    widths.add(Math.toIntExact(network.inputShape().size()));
    Writer writer = new Writer(network, values, misreading);
    for (Node node : network.nodes()) {
      widths.add(Math.toIntExact(node.shape().size()));
      steps.add(node.operation().accept(writer, node));
    }
    return new DenseNetwork(widths, steps);
  }

  private record Writer(Network network, ParameterValues values, Misreading misreading)
      implements OperationVisitor<Node, Step>, NonlinearVisitor<Node, Step> {

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
      double[] weight = tensor(node, "weight");
      double[] bias = operation.bias() ? tensor(node, "bias") : new double[operation.out()];
      double[][] matrix = new double[(int) out.size()][(int) in.size()];
      double[] offset = new double[(int) out.size()];
      int plane = (int) (out.get(1) * out.get(2));
      for (int i = 0; i < matrix.length; i++) {
        int row = (i % plane) / (int) out.get(2);
        int column = i % (int) out.get(2);
        offset[i] = bias[i / plane];
        fill(matrix[i], operation, in, new int[] {i / plane, row, column}, weight);
      }
      return new Affine(operand(node), matrix, offset, AffineKind.WEIGHTED);
    }

    @Override
    public Step nonlinear(Nonlinear operation, Node node) {
      return operation.acceptNonlinear(this, node);
    }

    @Override
    public Step relu(Relu operation, Node node) {
      return new DenseRectifier(operand(node), 0);
    }

    @Override
    public Step leakyRelu(LeakyRelu operation, Node node) {
      return new DenseRectifier(operand(node), operation.slope());
    }

    @Override
    public Step sigmoid(Sigmoid operation, Node node) {
      return new DenseCurve(operand(node), false);
    }

    @Override
    public Step tanh(Tanh operation, Node node) {
      return new DenseCurve(operand(node), true);
    }

    @Override
    public Step maxPool(MaxPool operation, Node node) {
      List<int[]> windows = new ArrayList<>();
      boolean[] padded = new boolean[(int) node.shape().size()];
      for (int i = 0; i < padded.length; i++) {
        windows.add(taps(operation.windows(), node, i));
        padded[i] = windows.get(i).length < operation.windows().taps();
      }
      return new DenseMaximum(operand(node), windows, padded);
    }

    @Override
    public Step averagePool(AveragePool operation, Node node) {
      boolean wrong = misreading == Misreading.PADDING_IN_MEANS;
      double[][] matrix =
          new double[(int) node.shape().size()][(int) network.shape(operand(node)).size()];
      for (int i = 0; i < matrix.length; i++) {
        int[] taps = taps(operation.windows(), node, i);
        boolean all = operation.countPadding() ^ wrong;
        for (int tap : taps) {
          matrix[i][tap] = 1.0 / (all ? operation.windows().taps() : taps.length);
        }
      }
      return new Affine(operand(node), matrix, new double[matrix.length], AffineKind.MEAN);
    }

    @Override
    public Step globalAveragePool(GlobalAveragePool operation, Node node) {
      int channels = (int) node.shape().size();
      int plane = (int) network.shape(operand(node)).size() / channels;
      double[][] matrix = new double[channels][channels * plane];
      for (int i = 0; i < channels * plane; i++) {
        matrix[i / plane][i] = 1.0 / plane;
      }
      return new Affine(operand(node), matrix, new double[channels], AffineKind.MEAN);
    }

    @Override
    public Step add(Add operation, Node node) {
      return new Sum(node.inputs().get(0), node.inputs().get(1));
    }

    @Override
    public Step concat(Concat operation, Node node) {
      List<Shape> shapes = node.inputs().stream().map(network::shape).toList();
      int[] places = Places.of(operation, shapes);
      List<double[][]> parts = new ArrayList<>();
      int first = 0;
      for (Shape shape : shapes) {
        double[][] part = new double[places.length][(int) shape.size()];
        for (int i = 0; i < places.length; i++) {
          if (places[i] >= first && places[i] < first + shape.size()) {
            part[i][places[i] - first] = 1;
          }
        }
        parts.add(part);
        first += (int) shape.size();
      }
      return new Join(node.inputs(), parts);
    }

    @Override
    public Step elementwise(Elementwise operation, Node node) {
      double[] constant = tensor(node, "constant");
      int[] places = Places.broadcast(operation.constant(), node.shape());
      int width = places.length;
      double[][] matrix = new double[width][width];
      double[] offset = new double[width];
      for (int i = 0; i < width; i++) {
        double c = constant[places[i]];
        switch (operation.kind()) {
          case ADD -> {
            matrix[i][i] = 1;
            offset[i] = c;
          }
          case MULTIPLY -> matrix[i][i] = c;
          case DIVIDE -> matrix[i][i] = 1 / c;
        }
      }
      return new Affine(operand(node), matrix, offset, AffineKind.OTHER);
    }

    @Override
    public Step pad(Pad operation, Node node) {
      int[] places = Places.of(operation, network.shape(operand(node)));
      Affine moved = moved(places, node);
      for (int i = 0; i < places.length; i++) {
        moved.offset()[i] = places[i] < 0 ? operation.value() : 0;
      }
      return moved;
    }

    @Override
    public Step rearrange(Rearrangement operation, Node node) {
      return moved(Places.of(operation, network.shape(operand(node))), node);
    }

    private Affine moved(int[] places, Node node) {
      double[][] matrix = new double[places.length][(int) network.shape(operand(node)).size()];
      for (int i = 0; i < places.length; i++) {
        if (places[i] >= 0) {
          matrix[i][places[i]] = 1;
        }
      }
      return new Affine(operand(node), matrix, new double[places.length], AffineKind.OTHER);
    }

    private void fill(double[] row, Conv2d operation, Shape in, int[] at, double... weight) {
      Extent padding = misreading == Misreading.NO_PADDING ? Extent.square(0) : operation.padding();
      int top = at[1] * operation.stride().height() - padding.height();
      int left = at[2] * operation.stride().width() - padding.width();
      int group = at[0] / (operation.out() / operation.geometry().groups());
      int first = misreading == Misreading.FIRST_GROUP ? 0 : group * operation.inPerGroup();
      Extent kernel = operation.kernel();
      int tap = at[0] * operation.inPerGroup() * kernel.height() * kernel.width();
      for (int c = first; c < first + operation.inPerGroup(); c++) {
        for (int down = 0; down < kernel.height(); down++) {
          for (int right = 0; right < kernel.width(); right++, tap++) {
            int y = top + down * operation.geometry().dilation().height();
            int x = left + right * operation.geometry().dilation().width();
            if (inside(in, y, x)) {
              row[neuron(in, c, y, x)] += weight[tap];
            }
          }
        }
      }
    }

    // The neurons of the operand that the i-th window sees.
    private int[] taps(Windows windows, Node node, int i) {
      Shape in = network.shape(operand(node));
      int columns = (int) node.shape().get(2);
      int plane = (int) node.shape().get(1) * columns;
      int top = i % plane / columns * windows.stride().height() - windows.padding().height();
      int left = i % columns * windows.stride().width() - windows.padding().width();
      List<Integer> taps = new ArrayList<>();
      for (int y = top; y < top + windows.kernel().height(); y++) {
        for (int x = left; x < left + windows.kernel().width(); x++) {
          if (inside(in, y, x)) {
            taps.add(neuron(in, i / plane, y, x));
          }
        }
      }
      return taps.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean inside(Shape in, int y, int x) {
      return y >= 0 && y < in.get(1) && x >= 0 && x < in.get(2);
    }

    private static int neuron(Shape in, int channel, int y, int x) {
      return (int) ((channel * in.get(1) + y) * in.get(2)) + x;
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
