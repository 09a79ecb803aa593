package dev.merlon.model.verify.property;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedInstance;
import dev.merlon.model.golden.PublishedProperty;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.Witness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The published instances: a counterexample is one for ONNX Runtime, and where there is said to be
 * none a gradient's descent finds none.
 */
class PropertyVerifierGoldenTest {
  private static final int STEPS = 40;

  static List<PublishedInstance> instances() {
    return PublishedFolder.found().instances();
  }

  @ParameterizedTest
  @MethodSource("instances")
  void verify_publishedInstance_isAnsweredAsConfirmed(PublishedInstance instance) {
    ImportedModel model = instance.model().read();
    PublishedProperty property = PublishedProperty.read(instance.property());

    try (Verifier verifier = LadderVerifier.open(model, PropertyNetworks.LIMITS);
        RuntimeSession session = RuntimeSession.open(model.file(), 1)) {
      long end = System.nanoTime() + Duration.ofMillis((long) (1e3 * instance.seconds())).toNanos();
      Outcome answer =
          PropertyNetworks.answer(
              verifier,
              VnnLib.read(instance.property()),
              PropertyNetworks.effort(0),
              () -> System.nanoTime() > end);

      switch (answer.kind()) {
        case FALSIFIED -> assertWitness(answer.witness().orElseThrow(), property, session);
        case CERTIFIED -> assertNoneFound(model, property, session);
        case UNKNOWN, TIMEOUT, MISCLASSIFIED, CONFLICT ->
            throw new AssertionError(instance + ": " + answer);
      }
    }
  }

  private static void assertWitness(
      Witness witness, PublishedProperty property, RuntimeSession session) {
    float[] x = new float[witness.inputs().size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = witness.inputs().get(i).floatValue();
      assertThat((double) x[i]).isBetween(property.lower().get(i), property.upper().get(i));
    }
    assertThat(property.isReached(session.outputs(x, 1)[0])).isTrue();
  }

  private static void assertNoneFound(
      ImportedModel model, PublishedProperty property, RuntimeSession session) {
    for (PublishedProperty.Pair pair : property.reached()) {
      float[] x = descended(model, property, pair);
      assertThat(property.isReached(session.outputs(x, 1)[0])).as("%s", pair).isFalse();
    }
  }

  /** A point of the box where one output is far above another. */
  private static float[] descended(
      ImportedModel model, PublishedProperty property, PublishedProperty.Pair pair) {
    Shape shape = new Shape(1).addAll(model.network().inputShape());
    float[] x = new float[property.lower().size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) ((property.lower().get(i) + property.upper().get(i)) / 2);
    }
    try (Scope scope = Scope.open("test")) {
      LiveNetwork live =
          LiveNetwork.evaluation(model.network(), model.values(), DataType.FLOAT32, scope);
      for (int step = 0; step < STEPS; step++) {
        double[] slope = slope(live, x, shape, pair, scope);
        for (int i = 0; i < x.length; i++) {
          double lower = property.lower().get(i);
          double upper = property.upper().get(i);
          double moved = x[i] + Math.signum(slope[i]) * (upper - lower) / 10;
          x[i] = inside(Math.max(lower, Math.min(upper, moved)), lower, upper);
        }
      }
    }
    return x;
  }

  private static float inside(double value, double lower, double upper) {
    float rounded = (float) value;
    return rounded < lower
        ? Math.nextUp(rounded)
        : rounded > upper ? Math.nextDown(rounded) : rounded;
  }

  private static double[] slope(
      LiveNetwork live, float[] x, Shape shape, PublishedProperty.Pair pair, Scope scope) {
    NDArray leaf = scope.leaf(scope.tensor(x, DataType.FLOAT32, shape.getShape()));
    Autograd.recording(
        () -> {
          NDArray logits = Concrete.logits(live, leaf).flatten();
          Autograd.backward(logits.get(pair.greater()).sub(logits.get(pair.smaller())));
          return leaf;
        });
    return HostTensor.copyOf(Autograd.gradient(leaf)).toDoubles();
  }
}
