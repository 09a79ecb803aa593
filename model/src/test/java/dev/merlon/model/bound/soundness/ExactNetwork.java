package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Network.Operands;
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
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.OperationVisitor;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.tensor.Windows;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The real function of a network's weights, with so many digits that their rounding is nothing
 * beside float64's: sums and products are exact, quotients and roots have 80 digits.
 */
final class ExactNetwork implements OperationVisitor<Operands<BigDecimal[]>, BigDecimal[]> {
  private static final MathContext DIGITS = new MathContext(80, RoundingMode.HALF_EVEN);
  private final Network network;
  private final ParameterValues values;

  ExactNetwork(Network network, ParameterValues values) {
    this.network = network;
    this.values = values;
  }

  /** Whether all operations can be computed exactly. */
  static boolean covers(Network network) {
    return network.nonlinear().stream()
        .map(Node::operation)
        .allMatch(o -> o instanceof Relu || o instanceof LeakyRelu || o instanceof MaxPool);
  }

  /** Logits at a point, row-major. */
  BigDecimal[] logits(double... x) {
    BigDecimal[] input = Arrays.stream(x).mapToObj(BigDecimal::new).toArray(BigDecimal[]::new);
    List<BigDecimal[]> all = network.evaluate(this, input);
    return all.get(all.size() - 1);
  }

  @Override
  public BigDecimal[] normalize(Normalize operation, Operands<BigDecimal[]> at) {
    return perChannel(
        at,
        (z, c) ->
            z.subtract(new BigDecimal(operation.mean().get(c)))
                .divide(new BigDecimal(operation.std().get(c)), DIGITS));
  }

  @Override
  public BigDecimal[] batchNorm(BatchNorm operation, Operands<BigDecimal[]> at) {
    BigDecimal[] weight = tensor(at.node(), "weight");
    BigDecimal[] bias = tensor(at.node(), "bias");
    BigDecimal[] mean = tensor(at.node(), "running_mean");
    BigDecimal[] variance = tensor(at.node(), "running_var");
    BigDecimal epsilon = new BigDecimal(operation.epsilon());
    // A root of so many digits takes long, so each is taken once.
    BigDecimal[] deviation = map(variance, each -> each.add(epsilon).sqrt(DIGITS));
    return perChannel(
        at,
        (z, c) ->
            z.subtract(mean[c]).multiply(weight[c]).divide(deviation[c], DIGITS).add(bias[c]));
  }

  @Override
  public BigDecimal[] linear(Linear operation, Operands<BigDecimal[]> at) {
    BigDecimal[] weight = tensor(at.node(), "weight");
    BigDecimal[] in = at.first();
    BigDecimal[] out = zeros(at.node());
    for (int row = 0; row < out.length; row++) {
      for (int i = 0; i < in.length; i++) {
        out[row] = out[row].add(weight[row * in.length + i].multiply(in[i]));
      }
    }
    return withBias(operation.bias(), at.node(), out);
  }

  @Override
  public BigDecimal[] conv2d(Conv2d operation, Operands<BigDecimal[]> at) {
    BigDecimal[] weight = tensor(at.node(), "weight");
    BigDecimal[] out = zeros(at.node());
    int rows = extent(at.node().shape(), 1);
    int columns = extent(at.node().shape(), 2);
    for (int place = 0; place < out.length; place++) {
      int channel = place / (rows * columns);
      out[place] = tapSum(operation, at, weight, channel, place / columns % rows, place % columns);
    }
    return withBias(operation.bias(), at.node(), out);
  }

  private BigDecimal tapSum(
      Conv2d conv, Operands<BigDecimal[]> at, BigDecimal[] weight, int channel, int row, int col) {
    Shape in = operandShape(at.node());
    int group = channel / (conv.out() / conv.geometry().groups());
    BigDecimal sum = BigDecimal.ZERO;
    int tap = channel * conv.inPerGroup() * conv.kernel().height() * conv.kernel().width();
    for (int c = 0; c < conv.inPerGroup(); c++) {
      for (int i = 0; i < conv.kernel().height(); i++) {
        for (int j = 0; j < conv.kernel().width(); j++, tap++) {
          int y =
              row * conv.stride().height()
                  - conv.padding().height()
                  + i * conv.geometry().dilation().height();
          int x =
              col * conv.stride().width()
                  - conv.padding().width()
                  + j * conv.geometry().dilation().width();
          if (y >= 0 && y < in.get(1) && x >= 0 && x < in.get(2)) {
            int place = index(in, group * conv.inPerGroup() + c, y, x);
            sum = sum.add(weight[tap].multiply(at.first()[place]));
          }
        }
      }
    }
    return sum;
  }

  @Override
  public BigDecimal[] nonlinear(Nonlinear operation, Operands<BigDecimal[]> at) {
    if (operation instanceof MaxPool pool) {
      return windows(pool.windows(), at).stream()
          .map(taps -> taps.stream().max(BigDecimal::compareTo).orElseThrow())
          .toArray(BigDecimal[]::new);
    }
    BigDecimal slope =
        operation instanceof LeakyRelu leaky ? new BigDecimal(leaky.slope()) : BigDecimal.ZERO;
    return map(at.first(), z -> z.signum() < 0 ? z.multiply(slope) : z);
  }

  @Override
  public BigDecimal[] averagePool(AveragePool operation, Operands<BigDecimal[]> at) {
    return windows(operation.windows(), at).stream()
        .map(
            taps -> mean(taps, operation.countPadding() ? operation.windows().taps() : taps.size()))
        .toArray(BigDecimal[]::new);
  }

  @Override
  public BigDecimal[] globalAveragePool(GlobalAveragePool operation, Operands<BigDecimal[]> at) {
    BigDecimal[] out = zeros(at.node());
    int plane = at.first().length / out.length;
    for (int c = 0; c < out.length; c++) {
      out[c] = mean(Arrays.asList(at.first()).subList(c * plane, (c + 1) * plane), plane);
    }
    return out;
  }

  @Override
  public BigDecimal[] add(Add operation, Operands<BigDecimal[]> at) {
    BigDecimal[] sum = at.first().clone();
    Arrays.setAll(sum, i -> sum[i].add(at.second()[i]));
    return sum;
  }

  @Override
  public BigDecimal[] concat(Concat operation, Operands<BigDecimal[]> at) {
    return moved(at, BigDecimal.ZERO, Places.of(operation, operandShapes(at.node())));
  }

  @Override
  public BigDecimal[] elementwise(Elementwise operation, Operands<BigDecimal[]> at) {
    BigDecimal[] constant = tensor(at.node(), "constant");
    int[] places = Places.broadcast(operation.constant(), at.node().shape());
    BigDecimal[] out = at.first().clone();
    Arrays.setAll(
        out,
        i ->
            switch (operation.kind()) {
              case ADD -> out[i].add(constant[places[i]]);
              case MULTIPLY -> out[i].multiply(constant[places[i]]);
              case DIVIDE -> out[i].divide(constant[places[i]], DIGITS);
            });
    return out;
  }

  @Override
  public BigDecimal[] pad(Pad operation, Operands<BigDecimal[]> at) {
    return moved(
        at, new BigDecimal(operation.value()), Places.of(operation, operandShape(at.node())));
  }

  @Override
  public BigDecimal[] rearrange(Rearrangement operation, Operands<BigDecimal[]> at) {
    return moved(at, BigDecimal.ZERO, Places.of(operation, operandShape(at.node())));
  }

  /** The operands' values at these places, counted through all of them; elsewhere a constant. */
  private static BigDecimal[] moved(Operands<BigDecimal[]> at, BigDecimal elsewhere, int[] places) {
    BigDecimal[] all = at.values().stream().flatMap(Arrays::stream).toArray(BigDecimal[]::new);
    return Arrays.stream(places)
        .mapToObj(place -> place < 0 ? elsewhere : all[place])
        .toArray(BigDecimal[]::new);
  }

  private List<Shape> operandShapes(Node node) {
    return node.inputs().stream().map(network::shape).toList();
  }

  private interface OfChannel {
    BigDecimal apply(BigDecimal value, int channel);
  }

  private static BigDecimal[] perChannel(Operands<BigDecimal[]> at, OfChannel map) {
    BigDecimal[] out = at.first().clone();
    int plane = out.length / extent(at.node().shape(), 0);
    Arrays.setAll(out, i -> map.apply(out[i], i / plane));
    return out;
  }

  /** The taps of each window that lie on the plane. */
  private List<List<BigDecimal>> windows(Windows windows, Operands<BigDecimal[]> at) {
    Shape in = operandShape(at.node());
    Shape out = at.node().shape();
    List<List<BigDecimal>> all = new ArrayList<>();
    for (int c = 0; c < out.get(0); c++) {
      for (int row = 0; row < out.get(1); row++) {
        for (int column = 0; column < out.get(2); column++) {
          all.add(taps(windows, at.first(), in, c, row, column));
        }
      }
    }
    return all;
  }

  private static List<BigDecimal> taps(
      Windows windows, BigDecimal[] values, Shape in, int channel, int row, int column) {
    List<BigDecimal> taps = new ArrayList<>();
    for (int i = 0; i < windows.kernel().height(); i++) {
      for (int j = 0; j < windows.kernel().width(); j++) {
        int y = row * windows.stride().height() - windows.padding().height() + i;
        int x = column * windows.stride().width() - windows.padding().width() + j;
        if (y >= 0 && y < in.get(1) && x >= 0 && x < in.get(2)) {
          taps.add(values[index(in, channel, y, x)]);
        }
      }
    }
    return taps;
  }

  private static BigDecimal mean(List<BigDecimal> values, int count) {
    return values.stream()
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .divide(BigDecimal.valueOf(count), DIGITS);
  }

  private BigDecimal[] withBias(boolean present, Node node, BigDecimal[] out) {
    if (present) {
      BigDecimal[] bias = tensor(node, "bias");
      int plane = out.length / bias.length;
      Arrays.setAll(out, i -> out[i].add(bias[i / plane]));
    }
    return map(out, value -> value.round(DIGITS));
  }

  private BigDecimal[] tensor(Node node, String suffix) {
    return Arrays.stream(values.get(node.parameter(suffix)).toDoubles())
        .mapToObj(BigDecimal::new)
        .toArray(BigDecimal[]::new);
  }

  private Shape operandShape(Node node) {
    return network.shape(node.inputs().get(0));
  }

  private static BigDecimal[] zeros(Node node) {
    BigDecimal[] zeros = new BigDecimal[Math.toIntExact(node.shape().size())];
    Arrays.fill(zeros, BigDecimal.ZERO);
    return zeros;
  }

  private static BigDecimal[] map(BigDecimal[] values, UnaryOperator<BigDecimal> map) {
    return Arrays.stream(values).map(map).toArray(BigDecimal[]::new);
  }

  private static int index(Shape shape, int channel, int row, int column) {
    return (channel * extent(shape, 1) + row) * extent(shape, 2) + column;
  }

  private static int extent(Shape shape, int axis) {
    return Math.toIntExact(shape.get(axis));
  }
}
