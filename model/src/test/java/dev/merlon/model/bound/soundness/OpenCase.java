package dev.merlon.model.bound.soundness;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.soundness.DenseNetwork.Misreading;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * A case's tensors. Labels are what the network predicts, so that every sample is certifiable at
 * radius 0.
 */
final class OpenCase implements AutoCloseable {
  private final SoundnessCase spec;
  private final Scope scope;
  private final LiveNetwork bounded;
  private final LiveNetwork exact;
  private final NDArray inputs;
  private final int[] labels;
  private final Map<Misreading, DenseNetwork> dense = new EnumMap<>(Misreading.class);

  OpenCase(SoundnessCase spec) {
    this.spec = spec;
    this.scope = Scope.open("soundness case");
    this.bounded = LiveNetwork.evaluation(spec.network(), spec.values(), spec.type(), scope);
    this.exact = LiveNetwork.evaluation(spec.network(), spec.values(), DataType.FLOAT64, scope);
    Shape shape = new Shape(spec.inputs().shape().get(0)).addAll(spec.network().inputShape());
    // Rounded to the type of the bounds first, so that all speak of the same input.
    NDArray rounded = scope.tensor(spec.inputs().toDoubles(), spec.type(), shape.getShape());
    this.inputs = rounded.toType(DataType.FLOAT64, true);
    NDArray logits = Autograd.withoutGradients(() -> Concrete.logits(exact, inputs));
    this.labels =
        Arrays.stream(logits.argMax(1).toLongArray()).mapToInt(Math::toIntExact).toArray();
  }

  SoundnessCase spec() {
    return spec;
  }

  Scope scope() {
    return scope;
  }

  /** The network in the element type of the bounds. */
  LiveNetwork bounded() {
    return bounded;
  }

  /** The network in float64. */
  LiveNetwork exact() {
    return exact;
  }

  /** The network as dense matrices, read in this way; written once for each. */
  DenseNetwork dense(Misreading misreading) {
    return dense.computeIfAbsent(
        misreading, way -> DenseNetwork.of(spec.network(), spec.values(), way));
  }

  /** The inputs in float64, {@code [N, ...]}. */
  NDArray inputs() {
    return inputs;
  }

  /** The first inputs in the element type of the bounds, owned by {@code owner}. */
  NDArray inputs(int samples, Scope owner) {
    return owner.view(inputs.get(new NDIndex("0:{}", samples))).toType(spec.type(), true);
  }

  int[] labels() {
    return labels;
  }

  int samples() {
    return labels.length;
  }

  @Override
  public void close() {
    scope.close();
  }
}
