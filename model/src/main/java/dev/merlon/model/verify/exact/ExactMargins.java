package dev.merlon.model.verify.exact;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.bound.linear.AffinePiece;
import dev.merlon.model.bound.linear.CrownBounds;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.norm.LinearRegion;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Exact worst margins over balls whose constraints are linear ({@code linf}, {@code l1}), by the
 * mixed-integer encoding of Tjeng et al. 2019: one binary variable for each rectifier that bounds
 * leave unstable. Exponential in their number: for networks of some dozen unstable neurons.
 *
 * <p>Owns native memory until it is closed; not thread-safe.
 */
public final class ExactMargins implements AutoCloseable {
  private final Scope scope;
  private final LiveNetwork live;
  private final LinearRegion region;
  private final CrownBounds bounds;
  private final List<RectifierLayer> layers;
  private final AffinePiece logits;

  private ExactMargins(
      Scope scope, LiveNetwork live, PerturbationSet set, double[] x, CrownBounds bounds) {
    this.scope = scope;
    this.live = live;
    this.region = set.linearDescription().orElseThrow().around(x);
    this.bounds = bounds;
    this.layers = layers(live, bounds);
    this.logits = AffinePiece.of(live, live.network().output().id());
  }

  /**
   * Encodes the neighbourhood of an input.
   *
   * @param x flat, in the un-normalised input space
   * @throws MerlonException (configuration) for an operation or a ball that is not piecewise linear
   */
  public static ExactMargins around(
      Network network, ParameterValues values, double[] x, PerturbationSet set) {
    requirePiecewiseLinear(network, set);
    Scope scope = Scope.open("exact margins");
    try {
      LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
      return Autograd.withoutGradients(
          () -> new ExactMargins(scope, live, set, x.clone(), bounds(live, x, set)));
    } catch (RuntimeException | Error failed) {
      scope.close();
      throw failed;
    }
  }

  /** Number of rectifiers that may be on either side of 0. */
  public int unstable() {
    return layers.stream().mapToInt(RectifierLayer::unstable).sum();
  }

  /**
   * The smallest {@code f_label - f_other}.
   *
   * @param limit time for the solver
   */
  public ExactMinimum minimum(int label, int other, Duration limit) {
    try (MarginProgram program = MarginProgram.of(region, layers)) {
      MarginProgram.Solution solution = program.minimise(logits, label, other, limit);
      double upper =
          solution
              .point()
              .map(point -> margin(point, label, other))
              .orElse(Double.POSITIVE_INFINITY);
      return new ExactMinimum(
          solution.lower(), upper, solution.point().orElse(new double[0]), solution.optimal());
    }
  }

  /**
   * The smallest {@code f_label - f_j} of all other classes. A class whose bound lies above a
   * margin that was reached needs no program.
   *
   * @param limit time for all programs together; those that are left then count with their bounds
   */
  public ExactMinimum smallest(int label, Duration limit) {
    long begun = System.nanoTime();
    double[] lower = marginBounds(label);
    int[] others =
        IntStream.range(0, lower.length)
            .filter(j -> j != label)
            .boxed()
            .sorted(Comparator.comparingDouble(j -> lower[j]))
            .mapToInt(Integer::intValue)
            .toArray();
    ExactMinimum smallest = ExactMinimum.NONE;
    for (int other : others) {
      if (lower[other] >= smallest.upper()) {
        break;
      }
      Duration left = limit.minusNanos(System.nanoTime() - begun);
      ExactMinimum found =
          left.toMillis() > 0 ? minimum(label, other, left) : ExactMinimum.unsolved(lower[other]);
      smallest = smallest.and(found.atLeast(lower[other]));
    }
    return smallest;
  }

  // CROWN's, outward rounded.
  private double[] marginBounds(int label) {
    try (Scope work = scope.child("margin bounds")) {
      return Autograd.withoutGradients(
          () -> doubles(work.adopt(bounds.marginLowerBounds(work.labels(new int[] {label})))));
    }
  }

  private double margin(double[] point, int label, int other) {
    try (Scope work = scope.child("replay")) {
      return Autograd.withoutGradients(
          () -> {
            double[] values =
                HostTensor.copyOf(Concrete.logits(live.detached(work), tensor(point, live, work)))
                    .toDoubles();
            return values[label] - values[other];
          });
    }
  }

  @Override
  public void close() {
    scope.close();
  }

  /**
   * Refuses what cannot be encoded.
   *
   * @throws MerlonException (configuration) for an operation or a ball that is not piecewise linear
   */
  public static void requirePiecewiseLinear(Network network, PerturbationSet set) {
    for (Node node : network.nonlinear()) {
      if (!(node.operation() instanceof Activation activation) || !activation.isRectifier()) {
        throw unsupported("layer '" + node.name() + "' is no rectifier");
      }
    }
    if (set.linearDescription().isEmpty()) {
      throw unsupported("linear constraints do not describe a set such as " + set.text());
    }
  }

  private static MerlonException unsupported(String why) {
    return new MerlonException(
        new Failure.Configuration(
            "No exact margins: " + why + ".",
            "Use networks of affine layers, relu and leaky relu, and linf or l1."));
  }

  // Bounds widened for rounding: a solver's tolerance is larger than that anyway.
  private static CrownBounds bounds(LiveNetwork live, double[] x, PerturbationSet set) {
    LiveNetwork inner = live.detached(live.scope());
    InputSet input = InputSet.around(tensor(x, inner, live.scope()), set, set.cell(0));
    return CrownBounds.of(inner, input, CrownOptions.sparse().withRounding(Rounding.REAL));
  }

  private static List<RectifierLayer> layers(LiveNetwork live, CrownBounds bounds) {
    List<RectifierLayer> layers = new ArrayList<>();
    for (Node node : live.network().nonlinear()) {
      Box box = bounds.preActivation(node);
      AffinePiece operand = AffinePiece.of(live, node.inputs().get(0));
      layers.add(
          new RectifierLayer(
              node.id(), slope(node), operand, doubles(box.lower()), doubles(box.upper())));
    }
    return layers;
  }

  private static double slope(Node node) {
    return node.operation() instanceof LeakyRelu leaky ? leaky.slope() : 0;
  }

  private static double[] doubles(NDArray values) {
    return HostTensor.copyOf(values).toDoubles();
  }

  private static NDArray tensor(double[] x, LiveNetwork live, Scope owner) {
    long[] shape = new Shape(1).addAll(live.network().inputShape()).getShape();
    return owner.tensor(x, live.type(), shape);
  }
}
