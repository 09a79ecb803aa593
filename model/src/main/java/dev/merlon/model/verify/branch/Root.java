package dev.merlon.model.verify.branch;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.OutputRows;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SlopeSettings;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Scope;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One set of inputs, a network over it and CROWN's bounds inside, from which any linear functions
 * of the outputs are bounded more closely. Owns its tensors until it is closed.
 *
 * @param scope owner of the rest
 * @param live aliases of the verifier's tensors
 * @param input the set
 * @param known CROWN's bounds
 * @param coefficients largest number of elements of one coefficient tensor
 */
public record Root(
    Scope scope, LiveNetwork live, InputSet input, PreActivations known, long coefficients)
    implements AutoCloseable {
  private static final SlopeSettings SLOPES = SlopeSettings.whole(50).withPatience(10);
  private static final SlopeSettings INSIDE = SlopeSettings.whole(20).withPatience(5);

  /** Makes the set of inputs, with tensors of the scope. */
  @FunctionalInterface
  public interface Inputs {
    /** The set, for a network in this element type. */
    InputSet over(LiveNetwork live, Scope scope);
  }

  /**
   * A root with bounds that are computed.
   *
   * @throws dev.merlon.model.bound.linear.OutOfTime when the options' time was up before
   */
  public static Root of(LiveNetwork verifiers, Inputs inputs, CrownOptions options) {
    return of(verifiers, inputs, options, Optional.empty());
  }

  /**
   * A root with the bounds that an earlier one over the same set left, if there are any.
   *
   * @param saved {@link PreActivations#saved} with the same rounding
   */
  public static Root of(
      LiveNetwork verifiers,
      Inputs inputs,
      CrownOptions options,
      Optional<PreActivations.Saved> saved) {
    Scope scope = verifiers.scope().child("root");
    try {
      LiveNetwork live = verifiers.detached(scope);
      InputSet input = inputs.over(live, scope);
      PreActivations known =
          saved
              .map(kept -> PreActivations.restored(kept, live, input, options.rounding(), scope))
              .orElseGet(() -> PreActivations.crown(live, input, options, scope));
      return new Root(scope, live, input, known, options.coefficients());
    } catch (RuntimeException | Error failed) {
      scope.close();
      throw failed;
    }
  }

  /**
   * Lower bounds of functions with the slopes of least area (CROWN), by their place.
   *
   * @param expired whether time is up: what there is then is given
   */
  public double[] bounded(OutputRows functions, BooleanSupplier expired, int... numbers) {
    return raised(functions, SlopeSettings.whole(1), expired, numbers).stream()
        .mapToDouble(SplitBounds.Bounded::lower)
        .toArray();
  }

  /**
   * Lower bounds of functions with slopes optimised for each of them (alpha-CROWN), by their place.
   *
   * @param expired as above
   */
  public List<SplitBounds.Bounded> raised(
      OutputRows functions, BooleanSupplier expired, int... numbers) {
    return raised(functions, SLOPES, expired, numbers);
  }

  private List<SplitBounds.Bounded> raised(
      OutputRows functions, SlopeSettings optimisation, BooleanSupplier expired, int... numbers) {
    if (numbers.length == 0) {
      return List.of();
    }
    try (SplitBounds bounds = SplitBounds.over(live, input, known, coefficients);
        Scope work = scope.child("rows")) {
      NDArray rows = functions.of(bounds, numbers, work);
      return bounds.maximise(
          bounds.output(),
          rows,
          Collections.nCopies(numbers.length, bounds.whole()),
          optimisation,
          expired);
    }
  }

  /** Bounds inside a root's network that were improved, and what bounds functions with them. */
  public record Improved(Root root, PreActivations known, SplitBounds bounds) {}

  /**
   * Works with bounds inside the network that are improved first, each with slopes of its own.
   *
   * @param expired whether time is up for improving
   */
  public <T> T improved(BooleanSupplier expired, Function<Improved, T> work) {
    PreActivations.Improvement how = new PreActivations.Improvement(INSIDE, coefficients, expired);
    PreActivations better = known.improved(live, input, how, scope);
    try (SplitBounds bounds = SplitBounds.over(live, input, better, coefficients)) {
      return work.apply(new Improved(this, better, bounds));
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
