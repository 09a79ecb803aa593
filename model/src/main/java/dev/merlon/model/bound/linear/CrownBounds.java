package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.RoundedMap;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Nonlinear;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Backward linear bounds of a network over one batch of input sets: bounds of all pre-activations,
 * the relaxations that follow from them, and bounds of any linear function of any value. Owns its
 * tensors until it is closed; what its methods return belongs to the scope of the input, boxes of
 * pre-activations to this. Not thread-safe.
 */
public final class CrownBounds implements AutoCloseable {
  private final NDArray owner;
  private final Scope scope;
  private final Network network;
  private final CrownOptions options;
  private final Rounding rounding;
  private final BackwardPass pass;
  private final NeuronBounds neurons;
  private final Map<Integer, Box> preActivations = new HashMap<>();
  private final Map<Integer, Relaxation> relaxations = new HashMap<>();

  // The trace's tensors may be in this one's scope or outlive it.
  private CrownBounds(
      BoxTrace trace, Scope scope, InputSet input, CrownOptions options, NDArray owner) {
    this.owner = owner;
    this.scope = scope;
    this.network = trace.live().network();
    this.options = options;
    this.rounding = trace.rounding();
    Optional<RoundingErrors> errors =
        rounding.accounted()
            ? Optional.of(new RoundingErrors(trace, input, scope))
            : Optional.empty();
    Optional<BoxTrace> onTheWay = Optional.of(trace).filter(boxes -> options.everyLayer());
    this.pass = new BackwardPass(trace.live(), relaxations, input, onTheWay, errors);
    this.neurons = new NeuronBounds(pass, scope, options.coefficients(), options.expired());
  }

  /** CROWN-IBP over perturbation sets; see {@link #overBoxes(BoxTrace, InputSet, CrownOptions)}. */
  public static CrownBounds overBoxes(
      BoxTrace trace, NDArray x, NormBall set, CrownOptions options) {
    return overBoxes(trace, InputSet.around(x, set), options);
  }

  /**
   * CROWN-IBP (Zhang et al. 2020): pre-activations from boxes.
   *
   * @param trace boxes that hold for all inputs of the sets
   * @param input where the inputs may be
   */
  public static CrownBounds overBoxes(BoxTrace trace, InputSet input, CrownOptions options) {
    NDArray owner = input.point();
    Scope scope = Scope.within(owner, "crown");
    CrownBounds bounds = new CrownBounds(trace, scope, input.in(scope), options, owner);
    bounds.network.nonlinear().forEach(node -> bounds.relax(node, trace.operand(node)));
    return bounds;
  }

  /** CROWN over perturbation sets; see {@link #of(LiveNetwork, InputSet, CrownOptions)}. */
  public static CrownBounds of(LiveNetwork live, NDArray x, NormBall set, CrownOptions options) {
    return of(live, InputSet.around(x, set), options);
  }

  /**
   * CROWN (Zhang et al. 2018): pre-activations layer by layer, each by its own backward pass; those
   * of the first weighted layer, whose boxes are exact, from boxes.
   *
   * @param input where the inputs may be
   * @throws OutOfTime when the options' time was up before the last pre-activation was bounded
   */
  public static CrownBounds of(LiveNetwork live, InputSet input, CrownOptions options) {
    NDArray owner = input.point();
    Scope scope = Scope.within(owner, "crown");
    try {
      return layerByLayer(live, input, options, scope);
    } catch (RuntimeException | Error failed) {
      scope.close();
      throw failed;
    }
  }

  private static CrownBounds layerByLayer(
      LiveNetwork live, InputSet input, CrownOptions options, Scope scope) {
    InputSet inside = input.in(scope);
    BoxTrace trace = BoxPropagation.over(live, inside, options.rounding());
    CrownOptions atInput = options.everyLayer() ? options.concretisedAtInput() : options;
    CrownBounds bounds = new CrownBounds(trace, scope, inside, atInput, input.point());
    List<Boolean> exact = MixingDepth.exact(live.network());
    for (Node node : live.network().nonlinear()) {
      int operand = node.inputs().get(0);
      Box box = trace.box(operand);
      bounds.relax(node, exact.get(operand) ? box : bounds.tighter(node, box));
    }
    return bounds;
  }

  /** Bounds of a nonlinear operation's operand, {@code [N, ...]}; owned by this. */
  public Box preActivation(Node nonlinear) {
    return Optional.ofNullable(preActivations.get(nonlinear.inputs().get(0))).orElseThrow();
  }

  /**
   * Lower bounds of all margins {@code f_y - f_j}.
   *
   * @param labels {@code int64 [N]}
   * @return {@code [N, K]}, exactly 0 in the label's column
   */
  public NDArray marginLowerBounds(NDArray labels) {
    try (Scope work = scope.child("margin rows")) {
      MarginRows margins = MarginRows.of(labels, network.classes(), work);
      NDArray rows = margins.rows(pass.x().getDataType());
      NDArray bounds = work.adopt(neurons.lower(network.output().id(), rows));
      return give(margins.withLabel(bounds));
    }
  }

  /**
   * Lower bounds of linear functions of a value over each sample's set.
   *
   * @param rows {@code [N, R, ...]}, or {@code [1, R, ...]} for the same functions of all samples
   * @return {@code [N, R]}
   */
  public NDArray lower(int value, NDArray rows) {
    return give(neurons.lower(value, rows));
  }

  /** Bounds of every neuron of a value, {@code [N, ...]}. */
  public Box box(int value) {
    Box box = everyNeuron(value);
    return Box.between(give(box.lower()), give(box.upper()));
  }

  @Override
  public void close() {
    scope.close();
  }

  private void relax(Node node, Box box) {
    Nonlinear operation = (Nonlinear) node.operation();
    preActivations.put(node.inputs().get(0), box);
    relaxations.put(
        node.id(), operation.acceptNonlinear(new Relaxing(options.slope(), scope), box));
  }

  private Box tighter(Node node, Box box) {
    int value = node.inputs().get(0);
    if (preActivations.containsKey(value)) {
      return preActivations.get(value);
    }
    Node computing = network.node(value);
    if (computing.operation() instanceof Nonlinear operation) {
      // A backward pass would give the images of these bounds too.
      return RoundedMap.of(operation, preActivation(computing), rounding);
    }
    if (!options.unstableRowsOnly()) {
      return everyNeuron(value);
    }
    NDArray open = ((Nonlinear) node.operation()).acceptNonlinear(new UnstableMask(scope), box);
    NDArray closed = open.logicalNot().toType(box.lower().getDataType(), false);
    Box others = Box.between(box.lower().mul(closed), box.upper().mul(closed));
    return neurons.box(value, Neurons.marked(open), others).intersect(box);
  }

  private Box everyNeuron(int value) {
    Shape shape = new Shape(pass.x().getShape().get(0)).addAll(network.shape(value));
    NDArray zeros = scope.manager().zeros(shape, pass.x().getDataType());
    int width = Math.toIntExact(network.shape(value).size());
    return neurons.box(value, Neurons.all(width), Box.between(zeros, zeros));
  }

  private NDArray give(NDArray value) {
    value.attach(owner.getManager());
    return value;
  }
}
