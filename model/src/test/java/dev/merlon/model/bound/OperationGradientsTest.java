package dev.merlon.model.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.linear.Crown;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.network.operation.AveragePool;
import dev.merlon.model.network.operation.Concat;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.GlobalAveragePool;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.MaxPool;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.tensor.Windows;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Training through every operation: gradients of logits and bounds are central differences. */
class OperationGradientsTest {
  private static final NormBall SET = new NormBall(new LInf(), 0.05, true);
  private static final int[] LABELS = {0, 2, 1};

  /** What is differentiated. */
  enum Pass {
    /** Logits. */
    CONCRETE {
      @Override
      NDArray values(LiveNetwork live, NDArray x, NDArray labels) {
        return Concrete.logits(live, x);
      }
    },
    /** Logits with the batch's own statistics. */
    CLEAN {
      @Override
      NDArray values(LiveNetwork live, NDArray x, NDArray labels) {
        return Concrete.clean(live, x).logits();
      }
    },
    /** Margin bounds from boxes. */
    BOX {
      @Override
      NDArray values(LiveNetwork live, NDArray x, NDArray labels) {
        return BoxPropagation.over(live, x, SET).marginLowerBounds(labels);
      }
    },
    /** Margin bounds from backward passes over boxes. */
    CROWN_IBP {
      @Override
      NDArray values(LiveNetwork live, NDArray x, NDArray labels) {
        BoxTrace trace = BoxPropagation.over(live, x, SET);
        return Crown.crownIbp(trace, x, SET, labels, CrownOptions.full());
      }
    },
    /** Margin bounds from backward passes alone. */
    CROWN {
      @Override
      NDArray values(LiveNetwork live, NDArray x, NDArray labels) {
        return Crown.crown(live, x, SET, labels, CrownOptions.full());
      }
    };

    abstract NDArray values(LiveNetwork live, NDArray x, NDArray labels);
  }

  @ParameterizedTest
  @EnumSource
  void gradients_everyOperation_areCentralDifferences(Pass pass) {
    Network network = network();
    try (Scope scope = Scope.open("test")) {
      Map<String, NDArray> values = DrawnTensors.of(network, scope);
      NDArray x =
          DrawnTensors.normal(scope, 99, new Shape(3).addAll(network.inputShape()))
              .mul(0.2)
              .add(0.5);
      Map<String, NDArray> gradients =
          Autograd.recording(
              () -> {
                LiveNetwork live = LiveNetwork.over(network, values, scope, true);
                Autograd.backward(loss(pass, live, x, scope));
                Map<String, NDArray> byName = new LinkedHashMap<>();
                live.tensors().forEach((name, leaf) -> byName.put(name, Autograd.gradient(leaf)));
                return byName;
              });
      values.forEach(
          (name, value) -> {
            double[] gradient = HostTensor.copyOf(gradients.get(name)).toDoubles();
            for (int i = 0; i < gradient.length; i += Math.max(1, gradient.length / 4)) {
              double expected = difference(pass, network, values, name, i, x, scope);
              assertThat(gradient[i])
                  .as("%s[%d]", name, i)
                  .isCloseTo(expected, within(2e-6 * (1 + Math.abs(expected))));
            }
          });
    }
  }

  private static double difference(
      Pass pass,
      Network network,
      Map<String, NDArray> values,
      String name,
      int i,
      NDArray x,
      Scope scope) {
    double h = 1e-6;
    double[] ends = new double[2];
    for (int side = 0; side < 2; side++) {
      NDArray value = values.get(name);
      double[] moved = HostTensor.copyOf(value).toDoubles();
      moved[i] += side == 0 ? h : -h;
      Map<String, NDArray> others = new LinkedHashMap<>(values);
      others.put(name, scope.tensor(moved, DataType.FLOAT64, value.getShape().getShape()));
      ends[side] =
          Autograd.withoutGradients(
              () -> {
                LiveNetwork live = LiveNetwork.over(network, others, scope, false);
                return loss(pass, live, x, scope).getDouble();
              });
    }
    return (ends[0] - ends[1]) / (2 * h);
  }

  private static NDArray loss(Pass pass, LiveNetwork live, NDArray x, Scope scope) {
    NDArray values = pass.values(live, x, scope.labels(LABELS));
    NDArray weights = DrawnTensors.normal(scope, 55, values.getShape());
    return values.mul(weights).sum();
  }

  private static Network network() {
    Extent one = Extent.square(1);
    Extent none = Extent.square(0);
    Network.Builder network = Network.builder(new Shape(2, 8, 7));
    network.append(
        "grouped", new Conv2d(2, 4, Extent.square(3), new Geometry(one, one, one, 2), true));
    activate(network, new LeakyRelu(0.2));
    network.append("max", new MaxPool(new Windows(Extent.square(2), Extent.square(2), one)));
    network.append(
        "dilated",
        new Conv2d(4, 3, Extent.square(2), new Geometry(one, one, Extent.square(2), 1), false));
    activate(network, new Tanh());
    network.append(
        "mean", new AveragePool(new Windows(Extent.square(3), Extent.square(1), one), false));
    network.append("point", new Conv2d(3, 4, one, Geometry.of(one, none), true));
    activate(network, new Sigmoid());
    network.append("alone", new Concat(0, 1));
    network.append("global", new GlobalAveragePool());
    network.append("flatten", new Flatten());
    network.append("hidden", new Linear(4, 5, true));
    activate(network, new Relu());
    network.append("logits", new Linear(5, 3, true));
    return network.build();
  }

  private static void activate(Network.Builder network, Activation activation) {
    network.append(activation.getClass().getSimpleName(), activation);
  }
}
