package dev.merlon.model.bound.linear;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.LayerRounding;
import dev.merlon.model.bound.box.SumLength;
import dev.merlon.model.network.AffineMap;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
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
import dev.merlon.model.network.operation.NonlinearVisitor;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.network.operation.OperationVisitor;
import dev.merlon.model.network.operation.Pad;
import dev.merlon.model.network.operation.Rearrangement;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.network.operation.Sigmoid;
import dev.merlon.model.network.operation.Tanh;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What rounding may cost a backward pass. Where the pass replaces a value {@code z = W h + b} with
 * coefficients {@code a} by its operand with computed coefficients {@code a'}, both differ by
 * {@code <a W - a', h> + <a, b> - d} for the computed constant {@code d}; that is at most a small
 * share of {@code <|a|, |W| |h| + |b|>}, with the sizes {@code |h|} bounded by boxes. The same
 * expression bounds what the model's own rounding in {@code z} does to the function. So each
 * coefficient is charged with a fixed error per neuron. The computed coefficients count as exact
 * from there on.
 */
public final class RoundingErrors {
  private final BoxTrace trace;
  private final InputSet input;
  private final Scope scope;
  private final Map<Integer, NDArray> errors;
  private final Seen seen;

  /**
   * Errors over boxes.
   *
   * @param trace boxes of all values that account for rounding themselves
   * @param input the sets that the boxes are for
   * @param scope owner of what is kept
   */
  public RoundingErrors(BoxTrace trace, InputSet input, Scope scope) {
    this(trace, input, scope, new HashMap<>(), (value, each) -> each);
  }

  private RoundingErrors(
      BoxTrace trace, InputSet input, Scope scope, Map<Integer, NDArray> errors, Seen seen) {
    this.trace = trace;
    this.input = input;
    this.scope = scope;
    this.errors = errors;
    this.seen = seen;
  }

  /** What rows that are not on whole values see of the errors. */
  @FunctionalInterface
  interface Seen {
    /**
     * The errors of neurons as the rows have them.
     *
     * @param each {@code [N, D]}
     */
    NDArray of(int value, NDArray each);
  }

  /** The same errors for rows on parts of the values. */
  RoundingErrors seen(Seen parts) {
    return new RoundingErrors(trace, input, scope, errors, parts);
  }

  /**
   * What a backward pass may be off by when it takes coefficients on a value further back, or
   * concretises them.
   *
   * @param coefficients {@code [N or 1, R, ...]}
   * @return {@code [N, R]}
   */
  NDArray of(int value, NDArray coefficients) {
    NDArray perNeuron = errors.get(value);
    if (perNeuron == null) {
      perNeuron = compute(value);
      errors.put(value, perNeuron);
    }
    return Rows.flattened(coefficients.abs()).times(AffineMap.flatten(seen.of(value, perNeuron)));
  }

  /** What a sum of constants may be off by, its last term being added. */
  NDArray ofSum(NDArray sum) {
    return trace.rounding().layer(1, 0).share(sum.abs());
  }

  /** A lower bound without what rounding may have added to it. */
  NDArray lowered(NDArray bound, NDArray error) {
    return trace.rounding().lowered(bound.sub(error));
  }

  private NDArray compute(int value) {
    try (Scope work = scope.child("rounding errors")) {
      NDArray size = value == 0 ? input.in(work).magnitude() : magnitude(trace.box(value), work);
      NDArray perNeuron =
          value == 0
              ? trace.rounding().layer(2.0 * size.size(), 0).share(size)
              : atNode(trace.live().network().node(value), size, work);
      return scope.adopt(AffineMap.flatten(perNeuron));
    }
  }

  // In an inner scope: the boxes' own may live long.
  private static NDArray magnitude(Box box, Scope work) {
    return work.view(box.lower()).abs().maximum(work.view(box.upper()).abs());
  }

  private NDArray atNode(Node node, NDArray size, Scope work) {
    LayerRounding layer = SumLength.layer(trace.live().network(), node, trace.rounding());
    NDArray terms =
        node.operation().accept(new Terms(trace, work), node).map(size::add).orElse(size);
    return layer.share(terms);
  }

  /** Sums of the sizes of the terms that an operation's values are the sums of. */
  private record Terms(BoxTrace trace, Scope work)
      implements OperationVisitor<Node, Optional<NDArray>> {

    @Override
    public Optional<NDArray> normalize(Normalize operation, Node node) {
      return channelWise(node);
    }

    @Override
    public Optional<NDArray> batchNorm(BatchNorm operation, Node node) {
      return channelWise(node);
    }

    @Override
    public Optional<NDArray> conv2d(Conv2d operation, Node node) {
      return Optional.of(
          AffineMap.apply(
              operation, operand(node), live().absoluteWeight(node), live().absoluteBias(node)));
    }

    @Override
    public Optional<NDArray> linear(Linear operation, Node node) {
      return Optional.of(
          AffineMap.apply(
              operation, operand(node), live().absoluteWeight(node), live().absoluteBias(node)));
    }

    @Override
    public Optional<NDArray> nonlinear(Nonlinear operation, Node node) {
      return Optional.of(operation.acceptNonlinear(new LineTerms(), operand(node)));
    }

    @Override
    public Optional<NDArray> averagePool(AveragePool operation, Node node) {
      return Optional.of(AffineMap.apply(operation, operand(node)));
    }

    @Override
    public Optional<NDArray> globalAveragePool(GlobalAveragePool operation, Node node) {
      return Optional.of(AffineMap.apply(operation, operand(node)));
    }

    @Override
    public Optional<NDArray> add(Add operation, Node node) {
      return Optional.of(operand(node).add(magnitude(trace.box(node.inputs().get(1)), work)));
    }

    @Override
    public Optional<NDArray> concat(Concat operation, Node node) {
      return Optional.empty();
    }

    @Override
    public Optional<NDArray> elementwise(Elementwise operation, Node node) {
      return channelWise(node);
    }

    @Override
    public Optional<NDArray> pad(Pad operation, Node node) {
      return Optional.empty();
    }

    @Override
    public Optional<NDArray> rearrange(Rearrangement operation, Node node) {
      return Optional.empty();
    }

    private Optional<NDArray> channelWise(Node node) {
      return Optional.of(live().channelAffine(node).termSizes(operand(node)));
    }

    private NDArray operand(Node node) {
      return magnitude(trace.operand(node), work);
    }

    private LiveNetwork live() {
      return trace.live();
    }
  }

  /** The same for the lines around a nonlinear operation: slopes of at most 1, and intercepts. */
  private static final class LineTerms implements NonlinearVisitor<NDArray, NDArray> {
    @Override
    public NDArray relu(Relu operation, NDArray operand) {
      return operand.add(operand);
    }

    @Override
    public NDArray leakyRelu(LeakyRelu operation, NDArray operand) {
      return operand.add(operand);
    }

    @Override
    public NDArray sigmoid(Sigmoid operation, NDArray operand) {
      return curve(operand);
    }

    @Override
    public NDArray tanh(Tanh operation, NDArray operand) {
      return curve(operand);
    }

    @Override
    public NDArray maxPool(MaxPool operation, NDArray operand) {
      NDArray largest = operation.windows().maximum(operand);
      return largest.add(largest);
    }

    // The value is at most 1 in size, so that no intercept is larger than this and 1.
    private static NDArray curve(NDArray operand) {
      return operand.add(operand).add(1);
    }
  }
}
