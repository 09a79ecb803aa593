package dev.merlon.model.optimize;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.training.OptimizerSettings;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Named;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam as PyTorch computes it (Kingma and Ba 2015): epsilon is added to the root of the
 * bias-corrected second moment. Owns its moments on the device; not thread-safe. A step makes new
 * tensors and leaves the old ones alone until they are all made.
 */
public final class Adam implements AutoCloseable {
  private final OptimizerSettings settings;
  private final Scope owner;
  private Scope moments;
  private Map<String, NDArray> first = new LinkedHashMap<>();
  private Map<String, NDArray> second = new LinkedHashMap<>();
  private long steps;

  /**
   * An optimiser with zero moments.
   *
   * @param owner scope that its tensors live in
   */
  public Adam(OptimizerSettings settings, Map<String, NDArray> parameters, Scope owner) {
    this.settings = settings;
    this.owner = owner;
    this.moments = owner.child("adam");
    parameters.forEach(
        (name, value) -> {
          first.put(name, zeros(value));
          second.put(name, zeros(value));
        });
  }

  private NDArray zeros(NDArray like) {
    return moments.adopt(like.zerosLike());
  }

  /**
   * The state as host values.
   *
   * @param steps updates made so far
   * @param first first moments by parameter name
   * @param second second moments by parameter name
   */
  public record State(long steps, Map<String, HostTensor> first, Map<String, HostTensor> second) {}

  /**
   * One update.
   *
   * @param parameters trainable tensors by name
   * @param gradients by the same names
   * @param into scope that will own the new parameters
   * @return the new parameters
   */
  public Map<String, NDArray> update(
      Map<String, NDArray> parameters,
      Map<String, NDArray> gradients,
      double learningRate,
      Scope into) {
    long step = steps + 1;
    double correction1 = 1 - Math.pow(settings.beta1(), (double) step);
    double correction2 = Math.sqrt(1 - Math.pow(settings.beta2(), (double) step));
    Scope fresh = owner.child("adam");
    Map<String, NDArray> next = new LinkedHashMap<>();
    Map<String, NDArray> nextFirst = new LinkedHashMap<>();
    Map<String, NDArray> nextSecond = new LinkedHashMap<>();
    try {
      parameters.forEach(
          (name, value) -> {
            NDArray gradient = Named.get(gradients, name);
            NDArray m = blend(gradient, Named.get(first, name), settings.beta1(), fresh);
            NDArray v = blendSquare(gradient, Named.get(second, name), fresh);
            nextFirst.put(name, m);
            nextSecond.put(name, v);
            try (Scope work = fresh.child("adam step")) {
              NDArray scale = Scalars.over(work.constant(v).sqrt(), correction2);
              NDArray direction = work.constant(m).div(scale.add(settings.epsilon()));
              NDArray change = Scalars.times(direction, -learningRate / correction1);
              next.put(name, into.adopt(change.add(value)));
            }
          });
    } catch (RuntimeException e) {
      fresh.close();
      throw e;
    }
    replace(fresh, nextFirst, nextSecond, step);
    return next;
  }

  // What is computed on the way takes several times a parameter's memory: it is freed at once.
  private static NDArray blend(NDArray value, NDArray moment, double decay, Scope into) {
    try (Scope work = into.child("adam blend")) {
      NDArray share = Scalars.times(work.constant(value), 1 - decay);
      return into.adopt(share.add(Scalars.times(work.constant(moment), decay)));
    }
  }

  private NDArray blendSquare(NDArray gradient, NDArray moment, Scope into) {
    try (Scope work = into.child("adam square")) {
      return blend(work.constant(gradient).square(), moment, settings.beta2(), into);
    }
  }

  /** A copy of the state in Java memory. */
  public State state() {
    return new State(steps, HostTensor.copiesOf(first), HostTensor.copiesOf(second));
  }

  /**
   * Goes back to a saved state.
   *
   * @throws MerlonException (model format) when its tensors are not those of these parameters; the
   *     optimiser is then unchanged
   */
  public void restore(State state) {
    requireFitting(first, state.first());
    requireFitting(second, state.second());
    Scope fresh = owner.child("adam");
    replace(fresh, load(state.first(), fresh), load(state.second(), fresh), state.steps());
  }

  @Override
  public void close() {
    moments.close();
  }

  private void replace(
      Scope fresh, Map<String, NDArray> nextFirst, Map<String, NDArray> nextSecond, long step) {
    Scope old = moments;
    moments = fresh;
    first = nextFirst;
    second = nextSecond;
    steps = step;
    old.close();
  }

  private static void requireFitting(Map<String, NDArray> moments, Map<String, HostTensor> saved) {
    boolean fits =
        moments.keySet().equals(saved.keySet())
            && moments.entrySet().stream()
                .allMatch(moment -> fits(moment.getValue(), Named.get(saved, moment.getKey())));
    if (!fits) {
      throw MerlonException.modelFormat(
          "The saved state of the optimiser does not fit the network.",
          "Resume with the settings and the precision that the state was saved with.");
    }
  }

  private static boolean fits(NDArray moment, HostTensor saved) {
    return moment.getShape().equals(saved.shape()) && moment.getDataType() == saved.type();
  }

  private static Map<String, NDArray> load(Map<String, HostTensor> tensors, Scope scope) {
    Map<String, NDArray> loaded = new LinkedHashMap<>();
    tensors.forEach((name, value) -> loaded.put(name, scope.tensor(value)));
    return loaded;
  }
}
