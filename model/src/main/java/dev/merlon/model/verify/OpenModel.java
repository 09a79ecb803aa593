package dev.merlon.model.verify;

import ai.djl.ndarray.types.DataType;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.runtime.ImportCheck;
import dev.merlon.model.verify.runtime.Predictor;
import java.util.Optional;

/** A model's tensors and its file in ONNX Runtime, which it owns. Not thread-safe. */
final class OpenModel implements AutoCloseable {
  private final ModelKey key;
  private final ParameterValues values;
  private final Scope scope;
  private final LiveNetwork wide;
  private final Predictor predictor;
  private Optional<LiveNetwork> narrow = Optional.empty();

  private OpenModel(
      ModelKey key, ParameterValues values, Scope scope, LiveNetwork wide, Predictor predictor) {
    this.key = key;
    this.values = values;
    this.scope = scope;
    this.wide = wide;
    this.predictor = predictor;
  }

  /**
   * Opens a model and checks that graph and file are the same function.
   *
   * @param predictor the file; owned, and closed even if opening fails
   */
  static OpenModel open(
      ModelKey key, Network network, ParameterValues values, Predictor predictor) {
    Scope scope = Scope.open("verifier");
    try {
      LiveNetwork wide = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
      ImportCheck.require(wide, predictor);
      return new OpenModel(key, values, scope, wide, predictor);
    } catch (RuntimeException | Error failed) {
      scope.close();
      predictor.close();
      throw failed;
    }
  }

  ModelKey key() {
    return key;
  }

  Network network() {
    return wide.network();
  }

  int classes() {
    return network().classes();
  }

  /** The network in float64, for bounds. */
  LiveNetwork wide() {
    return wide;
  }

  /** The network in float32, the arithmetic of the deployed model; made on first use. */
  LiveNetwork narrow() {
    LiveNetwork made =
        narrow.orElseGet(() -> LiveNetwork.evaluation(network(), values, DataType.FLOAT32, scope));
    narrow = Optional.of(made);
    return made;
  }

  /** What the file answers. */
  Predictor predictor() {
    return predictor;
  }

  /** Owner of the tensors. */
  Scope scope() {
    return scope;
  }

  @Override
  public void close() {
    scope.close();
    predictor.close();
  }
}
