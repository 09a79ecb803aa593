package dev.merlon.model.bound.split;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.BackwardPass;
import dev.merlon.model.bound.linear.Lines;
import dev.merlon.model.bound.linear.LowerSlope;
import dev.merlon.model.bound.linear.RectifierLines;
import dev.merlon.model.bound.linear.Relaxation;
import dev.merlon.model.bound.linear.Relaxing;
import dev.merlon.model.bound.linear.RoundingErrors;
import dev.merlon.model.bound.linear.RowLines;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Backward passes over one sample in which every function has relaxations of its own where
 * rectifiers are unstable; see {@link RowLines}.
 */
final class RowPass {
  private final LiveNetwork live;
  private final InputSet input;
  private final UnstableNeurons neurons;
  private final Optional<RoundingErrors> rounding;
  private final Map<Integer, Relaxation> fixed = new HashMap<>();
  private final List<Around> layers = new ArrayList<>();

  /**
   * Passes over these bounds.
   *
   * @param input one sample's set
   * @param known boxes of operands of nonlinear operations; only values behind no other nonlinear
   *     operation can be bounded
   * @param scope owner of what is made
   */
  RowPass(LiveNetwork live, InputSet input, PreActivations known, Scope scope) {
    this.live = live;
    Map<Integer, Box> preActivations = known.boxes();
    this.rounding =
        known.trace().rounding().accounted()
            ? Optional.of(new RoundingErrors(known.trace(), input, scope))
            : Optional.empty();
    this.input = input;
    this.neurons = UnstableNeurons.of(live.network(), preActivations);
    for (Node node : live.network().nonlinear()) {
      known(preActivations, node).ifPresent(box -> fix(node, box, scope));
    }
    for (UnstableNeurons.Layer layer : neurons.layers()) {
      Box box = known(preActivations, layer.node()).orElseThrow();
      layers.add(Around.of(layer, box, scope));
      fixed.remove(layer.node().id());
    }
  }

  /** What looks on while functions are bounded. */
  interface Watcher {
    /** Sees nothing. */
    Watcher NONE = (layer, coefficients) -> {};

    /** Coefficients on the values of unstable neurons, {@code [1, R, U]}. */
    void coefficients(UnstableNeurons.Layer layer, NDArray coefficients);
  }

  UnstableNeurons neurons() {
    return neurons;
  }

  InputSet input() {
    return input;
  }

  /**
   * Lower bounds of the batch's functions of a value.
   *
   * @param parameters as {@link RowBatch} describes them
   * @param sets the input sets, this pass's own or a watched form of them
   * @param work owner of everything that is computed
   * @return {@code [R]}
   */
  NDArray lower(
      int value, RowBatch batch, NDArray parameters, InputSet sets, Watcher watcher, Scope work) {
    RowBatch inner = batch.in(work);
    NDArray slopes = inner.slopes(parameters);
    Optional<NDArray> terms = inner.terms(parameters);
    Map<Integer, Relaxation> relaxations = new HashMap<>(fixed);
    for (Around around : layers) {
      UnstableNeurons.Layer layer = around.layer();
      relaxations.put(
          layer.node().id(),
          new RowLines(
              work.constant(around.places()),
              work.constant(around.others()),
              RowBatch.slice(slopes, layer),
              RowBatch.slice(inner.upperSlope(), layer),
              RowBatch.slice(inner.upperIntercept(), layer),
              terms.map(all -> RowBatch.slice(all, layer)),
              work.constant(around.roundings()),
              coefficients -> watcher.coefficients(layer, coefficients)));
    }
    return lower(value, inner.rows(), relaxations, sets, work);
  }

  /**
   * Lower bounds of functions of a value that no neuron is unstable below.
   *
   * @param rows {@code [1, R, ...]}
   * @return {@code [R]}
   */
  NDArray lower(int value, NDArray rows, InputSet sets, Scope work) {
    return lower(value, work.view(rows), fixed, sets, work);
  }

  // With aliases of the weights, so that nothing derived from them outlives the pass.
  private NDArray lower(
      int value, NDArray rows, Map<Integer, Relaxation> relaxations, InputSet sets, Scope work) {
    LiveNetwork inner = live.detached(work);
    return new BackwardPass(inner, relaxations, sets.in(work), Optional.empty(), rounding)
        .lower(value, rows)
        .squeeze(0);
  }

  private void fix(Node node, Box box, Scope scope) {
    Nonlinear operation = (Nonlinear) node.operation();
    Relaxing relaxing = new Relaxing(LowerSlope.ADAPTIVE, scope);
    fixed.put(node.id(), operation.acceptNonlinear(relaxing, box));
  }

  private static Optional<Box> known(Map<Integer, Box> preActivations, Node node) {
    return Optional.ofNullable(preActivations.get(node.inputs().get(0)));
  }

  /**
   * A layer with unstable neurons.
   *
   * @param places of these, {@code int64 [1, 1, U]}
   * @param others slopes of the stable neurons, 0 for the unstable, {@code [1, 1, W]}
   * @param roundings what adding 1 to the coefficient on an unstable neuron's operand may cost,
   *     {@code [1, 1, U]}
   */
  private record Around(
      UnstableNeurons.Layer layer, NDArray places, NDArray others, NDArray roundings) {
    static Around of(UnstableNeurons.Layer layer, Box box, Scope scope) {
      try (Scope work = scope.child("stable lines")) {
        Lines lines = RectifierLines.of(box, layer.slope(), LowerSlope.ADAPTIVE, work);
        NDArray open =
            RectifierLines.unstable(work.view(box.lower()), work.view(box.upper()))
                .toType(lines.lowerSlope().getDataType(), false);
        NDArray others = lines.lowerSlope().mul(Scalars.oneMinus(open));
        NDArray places = work.labels(layer.places());
        return new Around(
            layer,
            scope.adopt(places.reshape(1, 1, -1)),
            scope.adopt(others.reshape(1, 1, -1)),
            scope.tensor(layer.roundings(), others.getDataType(), 1, 1, layer.size()));
      }
    }
  }
}
