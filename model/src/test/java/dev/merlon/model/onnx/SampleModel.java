package dev.merlon.model.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.config.network.NetworkSettings;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Add;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Operation;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.ParameterSpec;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Reshape;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.network.operation.Transpose;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Padding;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.tensor.Windows;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** A small network with drawn weights and batch-norm statistics that are far from 0 and 1. */
public record SampleModel(String name, Network network, ParameterValues values) {
  private static final List<Double> MEAN = List.of(0.4914, 0.4822, 0.4465);
  private static final List<Double> STD = List.of(0.2023, 0.1994, 0.201);
  private static final Extent ONE = Extent.square(1);
  private static final Extent NONE = Extent.square(0);

  public static Stream<SampleModel> all() {
    Stream<SampleModel> presets =
        Arrays.stream(NetworkPreset.values())
            .flatMap(kind -> Stream.of(false, true).map(batchNorm -> preset(kind, batchNorm)));
    return Stream.concat(presets, Stream.of(residual(), everyOperation(), pools(), channelsLast()));
  }

  public static SampleModel preset(NetworkPreset kind, boolean batchNorm) {
    int width = kind == NetworkPreset.MLP ? 24 : 4;
    NetworkSettings settings = new NetworkSettings(kind, width, batchNorm, MEAN, STD);
    Network network = Architectures.build(settings, 0.1, new Shape(3, 16, 16), 10);
    return drawn(kind + (batchNorm ? "-bn" : ""), network, 7);
  }

  static SampleModel residual() {
    Network.Builder network = Network.builder(new Shape(3, 9, 7));
    network.append("normalize", new Normalize(MEAN, STD));
    network.append("stem", conv(3, 4, new Extent(3, 3), new Extent(2, 1), new Extent(1, 0), true));
    int stem = network.append("stem relu", new Relu());
    network.append("left", conv(4, 6, new Extent(3, 1), new Extent(1, 1), new Extent(1, 0), false));
    int left = network.append("left bn", new BatchNorm(6, 1e-3, 0.03));
    int right =
        network.add(
            "right", conv(4, 6, new Extent(1, 1), new Extent(1, 1), new Extent(0, 0), true), stem);
    network.add("sum", new Add(), left, right);
    network.append("relu", new Relu());
    network.append("flatten", new Flatten());
    network.append("linear", new Linear(6 * 5 * 5, 5, false));
    return drawn("residual", network.build(), 8);
  }

  /** Grouped, depthwise and dilated convolutions, every activation, a pool of each kind. */
  static SampleModel everyOperation() {
    Network.Builder network = Network.builder(new Shape(3, 12, 10));
    network.append("normalize", new Normalize(MEAN, STD));
    Geometry depthwise = new Geometry(ONE, ONE, ONE, 3);
    network.append("depthwise", new Conv2d(3, 6, Extent.square(3), depthwise, true));
    network.append("bn", new BatchNorm(6, 1e-5, 0.1));
    network.append("leaky", new LeakyRelu(0.1));
    network.append("max", new MaxPool(new Windows(Extent.square(2), Extent.square(2), NONE)));
    Geometry dilated = new Geometry(ONE, new Extent(2, 1), new Extent(2, 1), 2);
    network.append("dilated", new Conv2d(6, 8, Extent.square(3), dilated, false));
    network.append("tanh", new Tanh());
    network.append(
        "average", new AveragePool(new Windows(Extent.square(3), Extent.square(2), ONE), false));
    network.append("point", new Conv2d(8, 5, ONE, Geometry.of(ONE, NONE), true));
    network.append("sigmoid", new Sigmoid());
    network.append("global", new GlobalAveragePool());
    network.append("flatten", new Flatten());
    network.append("linear", new Linear(5, 4, true));
    return drawn("every-operation", network.build(), 9);
  }

  /** Pools of odd windows over odd inputs, padding counted or not. */
  static SampleModel pools() {
    Network.Builder network = Network.builder(new Shape(2, 11, 8));
    Extent kernel = new Extent(3, 2);
    Extent stride = new Extent(2, 1);
    network.append("max", new MaxPool(new Windows(kernel, stride, ONE)));
    network.append("counted", new AveragePool(new Windows(kernel, stride, ONE), true));
    network.append("uncounted", new AveragePool(new Windows(kernel, ONE, ONE), false));
    network.append("flatten", new Flatten());
    network.append("linear", new Linear(2 * 3 * 11, 3, true));
    return drawn("pools", network.build(), 10);
  }

  /** Channels last, constants of several shapes, padding, branches side by side. */
  static SampleModel channelsLast() {
    Network.Builder network = Network.builder(new Shape(5, 6, 3));
    network.append("scale", new Elementwise(Elementwise.Kind.DIVIDE, new Shape(1, 1, 3)));
    network.append("to-front", new Transpose(List.of(2, 0, 1)));
    network.append("pad", new Pad(new Padding(List.of(0, 1, 0), List.of(0, 0, 2)), 0.25));
    network.append("conv", conv(3, 4, Extent.square(3), ONE, NONE, true));
    network.append("shift", new Elementwise(Elementwise.Kind.ADD, new Shape(1, 4, 6)));
    int relu = network.append("relu", new Relu());
    int scaled =
        network.append("factor", new Elementwise(Elementwise.Kind.MULTIPLY, new Shape(4, 4, 1)));
    network.add("both", new Concat(1, 3), scaled, relu, scaled);
    network.append("to-back", new Transpose(List.of(1, 2, 0)));
    network.append("rows", new Reshape(new Shape(12, 24)));
    network.append("flatten", new Flatten());
    network.append("linear", new Linear(288, 4, true));
    return drawn("channels-last", network.build(), 12);
  }

  static SampleModel drawn(String name, Network network, long seed) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    RandomGenerator random = CounterRandom.of(seed, 0, 0, CounterRandom.Role.INITIALISATION);
    network.parameters().forEach((tensor, spec) -> tensors.put(tensor, draw(spec, random)));
    return new SampleModel(name, network, ParameterValues.of(network, tensors));
  }

  public byte[] bytes() {
    return OnnxExport.bytes(network, values, Map.of());
  }

  /** {@code n} samples in {@code [0, 1]}, row-major. */
  public float[] inputs(int n) {
    return inputs(network.inputShape(), n);
  }

  public static float[] inputs(Shape sample, int n) {
    RandomGenerator random = CounterRandom.of(11, 0, 0, CounterRandom.Role.DATA);
    float[] inputs = new float[Math.toIntExact(n * sample.size())];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextFloat();
    }
    return inputs;
  }

  /** Logits by our own interpretation. */
  double[][] logits(float[] inputs, int n, DataType type) {
    return logits(network, values, inputs, n, type);
  }

  static double[][] logits(
      Network network, ParameterValues values, float[] inputs, int n, DataType type) {
    double[] wide = new double[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      wide[i] = inputs[i];
    }
    return logits(network, values, wide, n, type);
  }

  static double[][] logits(
      Network network, ParameterValues values, double[] inputs, int n, DataType type) {
    try (Scope scope = Scope.open("test")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork live = LiveNetwork.evaluation(network, values, type, scope);
            long[] shape = new long[network.inputShape().dimension() + 1];
            shape[0] = n;
            System.arraycopy(
                network.inputShape().getShape(), 0, shape, 1, network.inputShape().dimension());
            NDArray logits = Concrete.logits(live, scope.tensor(inputs, type, shape));
            double[] flat = HostTensor.copyOf(logits).toDoubles();
            int classes = flat.length / n;
            double[][] rows = new double[n][];
            for (int row = 0; row < n; row++) {
              rows[row] = Arrays.copyOfRange(flat, row * classes, (row + 1) * classes);
            }
            return rows;
          });
    }
  }

  /** The network as a file holds it: with constants rounded to float32. */
  Network asStored() {
    Network.Builder builder = Network.builder(network.inputShape());
    network
        .nodes()
        .forEach(
            node -> {
              Operation operation = node.operation();
              if (operation instanceof Normalize normalize) {
                operation = new Normalize(rounded(normalize.mean()), rounded(normalize.std()));
              } else if (operation instanceof BatchNorm norm) {
                operation = new BatchNorm(norm.features(), (float) norm.epsilon(), norm.momentum());
              }
              if (operation instanceof LeakyRelu leaky) {
                operation = new LeakyRelu((float) leaky.slope());
              }
              builder.add(node.name(), operation, node.inputs().toArray(Integer[]::new));
            });
    return builder.build();
  }

  private static List<Double> rounded(List<Double> values) {
    return values.stream().map(value -> (double) value.floatValue()).toList();
  }

  @Override
  public String toString() {
    return name;
  }

  private static Conv2d conv(
      int in, int out, Extent kernel, Extent stride, Extent padding, boolean bias) {
    return new Conv2d(in, out, kernel, stride, padding, bias);
  }

  private static HostTensor draw(ParameterSpec spec, RandomGenerator random) {
    long[] shape = spec.shape().getShape();
    double fanIn = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
    float[] values = new float[Math.toIntExact(spec.shape().size())];
    for (int i = 0; i < values.length; i++) {
      double normal = random.nextGaussian();
      values[i] =
          (float)
              switch (spec.role()) {
                case WEIGHT -> normal * Math.sqrt(2 / fanIn);
                case BIAS, BATCH_NORM_SHIFT, RUNNING_MEAN -> 0.5 * normal;
                case BATCH_NORM_SCALE -> 1 + 0.3 * normal;
                case RUNNING_VARIANCE -> 0.3 + normal * normal;
                case CONSTANT -> Math.copySign(0.5 + Math.abs(normal), normal);
              };
    }
    return HostTensor.of(values, shape);
  }
}
