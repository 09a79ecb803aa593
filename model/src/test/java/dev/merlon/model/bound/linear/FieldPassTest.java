package dev.merlon.model.bound.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.DrawnTensors;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.SampleSets;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.tensor.Windows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bounds through receptive fields are those of passes over whole values. */
class FieldPassTest {
  private static final double TOLERANCE = 1e-11;
  private static final int SAMPLES = 3;
  private static final int CHUNK = 60_000;

  private final Network network = network();
  private Scope scope;
  private Map<String, NDArray> values;
  private NDArray x;

  static Stream<NormBall> sets() {
    return SampleSets.about(0.05, 2 * 13 * 12);
  }

  @BeforeEach
  void open() {
    scope = Scope.open("test");
    values = DrawnTensors.of(network, scope);
    // Pixels at both ends of [0,1] too.
    x =
        DrawnTensors.normal(scope, 99, new Shape(SAMPLES).addAll(network.inputShape()))
            .mul(0.5)
            .clip(0, 1);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @MethodSource("sets")
  void box_everyNeuron_isThatOfWholeValues(NormBall set) {
    for (Rounding rounding : List.of(Rounding.IGNORED, Rounding.REAL)) {
      Autograd.withoutGradients(
          () -> {
            NeuronBounds bounds = bounds(live(false), set, rounding);
            for (int value : withFields()) {
              Neurons all = Neurons.all(Math.toIntExact(network.shape(value).size()));
              assertSame(value, bounds, all, zeros(value));
            }
            return Optional.empty();
          });
    }
  }

  @ParameterizedTest
  @MethodSource("sets")
  void box_neuronsOfEachSample_isThatOfWholeValues(NormBall set) {
    Autograd.withoutGradients(
        () -> {
          NeuronBounds bounds = bounds(live(false), set, Rounding.REAL);
          for (int value : withFields()) {
            NDArray open =
                DrawnTensors.normal(scope, value, zeros(value).lower().getShape()).gt(0.4);
            // A sample without any, and what the others keep.
            open.set(new NDIndex(1), scope.manager().create(false));
            NDArray kept = open.logicalNot().toType(DataType.FLOAT64, false);
            Box others = Box.between(kept.mul(-2), kept.mul(3));
            assertSame(value, bounds, Neurons.marked(open), others);
          }
          return Optional.empty();
        });
  }

  @Test
  void gradients_throughFields_areThoseOfWholeValues() {
    NormBall set = new NormBall(new LInf(), 0.05, true);
    int first = network.nonlinear().get(0).id();
    for (int value : withFields().stream().filter(id -> id > first).toList()) {
      Map<String, double[]> fields = gradients(value, set, true);
      Map<String, double[]> whole = gradients(value, set, false);
      assertThat(fields.keySet()).isEqualTo(whole.keySet()).isNotEmpty();
      fields.forEach(
          (name, gradient) -> {
            double[] expected = Optional.ofNullable(whole.get(name)).orElseThrow();
            assertThat(gradient).as(name).containsExactly(expected, within(1e-9));
            assertThat(Arrays.stream(gradient).map(Math::abs).max().orElseThrow())
                .isGreaterThan(0.01);
          });
    }
  }

  @Test
  void box_afterwards_nothingButTheResultIsLeft() {
    NormBall set = new NormBall(new LInf(), 0.05, true);
    Autograd.withoutGradients(
        () -> {
          // Views of weights stay with the network.
          Scope own = scope.child("network");
          LiveNetwork live = LiveNetwork.over(network, values, own, false);
          NeuronBounds bounds = bounds(live, set, Rounding.REAL);
          int value = withFields().get(withFields().size() - 1);
          Neurons all = Neurons.all(Math.toIntExact(network.shape(value).size()));
          // The errors of every value stay, for other rows.
          bounds.box(value, all, zeros(value));
          Map<String, Integer> open = NativeMemory.openScopes();
          Box others = zeros(value);
          int before = scope.liveTensors();
          bounds.box(value, all, others);
          assertThat(scope.liveTensors()).isEqualTo(before + 2);
          assertThat(NativeMemory.openScopes()).isEqualTo(open);
          return Optional.empty();
        });
  }

  @Test
  void of_valuesBehindOtherOperations_haveNoFields() {
    Network.Builder pooled = Network.builder(new Shape(2, 12, 12));
    pooled.append(
        "max", new MaxPool(new Windows(Extent.square(2), Extent.square(2), Extent.square(0))));
    int behind = pooled.append("conv", conv(2, 2, Geometry.of(Extent.square(1), Extent.square(1))));
    pooled.append("flatten", new Flatten());
    pooled.append("logits", new Linear(2 * 6 * 6, 3, true));
    assertThat(Fields.of(pooled.build(), behind)).isEmpty();
    assertThat(Fields.of(network, network.output().id())).isEmpty();
  }

  @Test
  void of_twoConvolutions_joinsTheirKernels() {
    Network.Builder two = Network.builder(new Shape(1, 28, 28));
    int first =
        two.append(
            "first", new Conv2d(1, 4, Extent.square(5), Extent.square(2), Extent.square(2), true));
    int second =
        two.append(
            "second", new Conv2d(4, 8, Extent.square(4), Extent.square(2), Extent.square(1), true));
    two.append("flatten", new Flatten());
    two.append("logits", new Linear(8 * 7 * 7, 3, true));
    Fields fields = Fields.of(two.build(), second).orElseThrow();
    assertThat(fields.shape(first)).isEqualTo(new Shape(4, 4, 4));
    assertThat(fields.in(0).windows())
        .isEqualTo(new Windows(Extent.square(11), Extent.square(4), Extent.square(4)));
    assertThat(fields.coefficients()).isEqualTo(8 + 4 * 16 + 121);
  }

  private void assertSame(int value, NeuronBounds bounds, Neurons neurons, Box others) {
    Box fields = bounds.box(value, neurons, others);
    Box whole = bounds.onWholeValues(value, neurons, others);
    assertThat(doubles(fields.lower()))
        .as("lower ends of %s", network.node(value).name())
        .containsExactly(doubles(whole.lower()), within(TOLERANCE));
    assertThat(doubles(fields.upper()))
        .as("upper ends of %s", network.node(value).name())
        .containsExactly(doubles(whole.upper()), within(TOLERANCE));
    assertThat(fields.upper().sub(fields.lower()).max().getDouble()).isGreaterThan(0.1);
  }

  private Map<String, double[]> gradients(int value, NormBall set, boolean throughFields) {
    return Autograd.recording(
        () -> {
          LiveNetwork live = live(true);
          NeuronBounds bounds = bounds(live, set, Rounding.IGNORED);
          Neurons all = Neurons.all(Math.toIntExact(network.shape(value).size()));
          Box box =
              throughFields
                  ? bounds.box(value, all, zeros(value))
                  : bounds.onWholeValues(value, all, zeros(value));
          NDArray weights = DrawnTensors.normal(scope, 55, box.lower().getShape());
          Autograd.backward(box.lower().mul(weights).add(box.upper().square()).sum());
          Map<String, double[]> gradients = new LinkedHashMap<>();
          for (int id = 1; id <= value; id++) {
            String weight = network.node(id).parameter("weight");
            Optional.ofNullable(live.tensors().get(weight))
                .ifPresent(leaf -> gradients.put(weight, doubles(Autograd.gradient(leaf))));
          }
          return gradients;
        });
  }

  /** What a value's neurons are bounded with: relaxations over boxes. */
  private NeuronBounds bounds(LiveNetwork live, NormBall set, Rounding rounding) {
    InputSet input = InputSet.around(x, set);
    BoxTrace trace = BoxPropagation.over(live, input, rounding);
    Map<Integer, Relaxation> relaxations = new HashMap<>();
    for (Node node : network.nonlinear()) {
      Relaxing relaxing = new Relaxing(LowerSlope.ADAPTIVE, scope);
      relaxations.put(
          node.id(), ((Nonlinear) node.operation()).acceptNonlinear(relaxing, trace.operand(node)));
    }
    Optional<RoundingErrors> errors =
        rounding.accounted()
            ? Optional.of(new RoundingErrors(trace, input, scope))
            : Optional.empty();
    BackwardPass pass = new BackwardPass(live, relaxations, input, Optional.empty(), errors);
    return new NeuronBounds(pass, scope, CHUNK, () -> false);
  }

  private List<Integer> withFields() {
    List<Integer> found = new ArrayList<>();
    for (int value = 1; value <= network.output().id(); value++) {
      if (Fields.of(network, value).isPresent()) {
        found.add(value);
      }
    }
    assertThat(found).hasSizeGreaterThan(7);
    return found;
  }

  private Box zeros(int value) {
    Shape shape = new Shape(SAMPLES).addAll(network.shape(value));
    return Box.between(
        scope.manager().zeros(shape, DataType.FLOAT64),
        scope.manager().zeros(shape, DataType.FLOAT64));
  }

  private LiveNetwork live(boolean gradients) {
    return LiveNetwork.over(network, values, scope, gradients);
  }

  // Uneven kernels, strides, paddings and dilations, groups, and planes with rows left over.
  private static Network network() {
    Network.Builder network = Network.builder(new Shape(2, 13, 12));
    network.append("normalize", new Normalize(List.of(0.3, 0.6), List.of(0.5, 0.25)));
    network.append("plain", conv(2, 4, Geometry.of(Extent.square(1), Extent.square(1))));
    activate(network, new Relu());
    network.append(
        "uneven",
        new Conv2d(
            4,
            6,
            new Extent(2, 3),
            new Geometry(new Extent(2, 1), new Extent(1, 0), new Extent(1, 2), 2),
            false));
    network.append("bn", new BatchNorm(6, BatchNorm.EPSILON, 0.1));
    activate(network, new LeakyRelu(0.2));
    network.append("padded", conv(6, 3, Geometry.of(Extent.square(1), Extent.square(2))));
    activate(network, new Tanh());
    network.append("last", conv(3, 2, Geometry.of(Extent.square(3), Extent.square(1))));
    network.append("flatten", new Flatten());
    network.append("logits", new Linear(Math.toIntExact(network.lastShape().size()), 3, true));
    return network.build();
  }

  private static Conv2d conv(int in, int out, Geometry geometry) {
    return new Conv2d(in, out, Extent.square(3), geometry, true);
  }

  private static void activate(Network.Builder network, Activation activation) {
    network.append(activation.getClass().getSimpleName(), activation);
  }

  private static double[] doubles(NDArray array) {
    return HostTensor.copyOf(array).toDoubles();
  }
}
