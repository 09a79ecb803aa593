package dev.merlon.model.verify.exact;

import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.linear.AffinePiece;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SlopeSettings;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.bound.split.Subproblem;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.network.operation.LeakyRelu;
import dev.merlon.model.norm.LinearRegion;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.branch.LeafSolver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Bounds margins where branch and bound has nothing left to split, by a linear program over the
 * input: there the network is affine, and so are the constraints of the splits. The program only
 * suggests multipliers of the splits; the bound is beta-CROWN's with these, so that it holds
 * whatever the solver's errors are, and makes up for rounding as all bounds do. By duality it is
 * the exact minimum but for these errors.
 */
public final class LeafProgram implements LeafSolver {
  // Beyond that writing the network out takes more time and memory than it is worth.
  private static final long LARGEST = 1_000_000;

  private final LiveNetwork live;
  private final PreActivations known;
  private final SplitBounds bounds;
  private final Scope scope;
  private final Property property;
  private Optional<Written> written = Optional.empty();

  private LeafProgram(
      LiveNetwork live, PreActivations known, SplitBounds bounds, Scope scope, Property property) {
    this.live = live;
    this.known = known;
    this.bounds = bounds;
    this.scope = scope;
    this.property = property;
  }

  /**
   * What is to be bounded: margins of a label over a set around an input, flat.
   *
   * @param nanosLeft time that is left
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  public record Property(double[] x, PerturbationSet set, int label, LongSupplier nanosLeft) {}

  /** The network's affine maps, written out when the first leaf is reached. */
  private record Written(List<RectifierLayer> layers, AffinePiece logits) {}

  /**
   * A solver for the subproblems of one query's set, where there can be one.
   *
   * @param known the bounds that {@code bounds} rests on
   * @param scope to work in
   * @return {@link LeafSolver#NONE} for sets and networks that are not piecewise linear, or too
   *     large
   */
  public static LeafSolver of(
      LiveNetwork live, Property property, PreActivations known, SplitBounds bounds, Scope scope) {
    boolean linear =
        live.network().nonlinear().stream()
            .allMatch(node -> node.operation() instanceof Activation a && a.isRectifier());
    if (!linear || property.set().linearDescription().isEmpty() || size(live) > LARGEST) {
      return LeafSolver.NONE;
    }
    return new LeafProgram(live, known, bounds, scope, property);
  }

  private Written written() {
    Written network =
        written.orElseGet(
            () ->
                new Written(
                    live.network().nonlinear().stream().map(this::layer).toList(),
                    AffinePiece.of(live, live.network().output().id())));
    written = Optional.of(network);
    return network;
  }

  private RectifierLayer layer(Node node) {
    int value = node.inputs().get(0);
    Box box = Optional.ofNullable(known.boxes().get(value)).orElseThrow();
    return new RectifierLayer(
        node.id(),
        node.operation() instanceof LeakyRelu leaky ? leaky.slope() : 0,
        AffinePiece.of(live, value),
        HostTensor.copyOf(box.lower()).toDoubles(),
        HostTensor.copyOf(box.upper()).toDoubles());
  }

  @Override
  public Leaf solve(int other, Subproblem subproblem) {
    double[] x = property.x();
    AffineLeaf leaf = AffineLeaf.of(written().layers(), subproblem, x.length);
    Optional<AffineLeaf.Row> margin = leaf.difference(written().logits(), property.label(), other);
    if (margin.isEmpty()) {
      return NONE.solve(other, subproblem);
    }
    LinearRegion region = property.set().linearDescription().orElseThrow().around(x);
    try (LeafMinimum program = LeafMinimum.of(region, leaf.splits())) {
      LeafMinimum.Solution solution =
          program.minimise(margin.get(), property.nanosLeft().getAsLong());
      Subproblem solved =
          new Subproblem(subproblem.splits(), subproblem.slopes(), solution.multipliers());
      SplitBounds.Bounded found = bound(other, solved);
      return new Leaf(found.lower(), solution.point(), Optional.of(found));
    }
  }

  private SplitBounds.Bounded bound(int other, Subproblem subproblem) {
    try (Scope work = scope.child("margin rows")) {
      return bounds
          .maximise(
              bounds.output(),
              bounds.marginRows(property.label(), new int[] {other}, work),
              List.of(subproblem),
              SlopeSettings.subproblem(1),
              () -> false)
          .get(0);
    }
  }

  // Numbers that the network's affine maps have when they are written out.
  private static long size(LiveNetwork live) {
    long input = live.network().inputShape().size();
    Map<Integer, Long> widths = new HashMap<>();
    long sum = 0;
    for (Node node : live.network().nonlinear()) {
      long width = node.shape().size();
      sum += width * (input + widths.values().stream().mapToLong(w -> w).sum());
      widths.put(node.id(), width);
    }
    return sum;
  }
}
