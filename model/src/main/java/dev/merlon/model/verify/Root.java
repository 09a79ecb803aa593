package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.tensor.Scope;
import java.util.Optional;

/**
 * One query's network, input set and CROWN bounds, from which it is bounded more closely. Owns its
 * tensors until it is closed.
 *
 * @param scope owner of the rest
 * @param live aliases of the verifier's tensors
 * @param input the query's set
 * @param known CROWN's bounds
 */
record Root(Scope scope, LiveNetwork live, InputSet input, PreActivations known)
    implements AutoCloseable {

  /**
   * The root of a cell of a query's set: with the bounds that an earlier rung left, or computed and
   * left, where the set has this cell alone.
   */
  static Root of(LiveNetwork verifiers, OpenQuery open, Cell cell, CrownOptions crown) {
    Scope scope = verifiers.scope().child("root");
    Query query = open.query();
    CrownOptions options = crown.withRounding(query.guarantee().rounding());
    boolean alone = query.set().cells() == 1;
    try {
      LiveNetwork live = verifiers.detached(scope);
      NDArray x = Inputs.tensor(scope, live, query.x(), 1);
      InputSet input = InputSet.around(x, query.set(), cell);
      PreActivations known =
          (alone ? open.inside() : Optional.<PreActivations.Saved>empty())
              .map(saved -> PreActivations.restored(saved, live, input, options.rounding(), scope))
              .orElseGet(() -> PreActivations.crown(live, input, options, scope));
      if (alone && open.inside().isEmpty()) {
        open.keep(known.saved());
      }
      return new Root(scope, live, input, known);
    } catch (RuntimeException | Error failed) {
      scope.close();
      throw failed;
    }
  }

  /**
   * What bounds margins over parts of the set.
   *
   * @param coefficients largest number of elements of one coefficient tensor
   */
  SplitBounds bounds(long coefficients) {
    return SplitBounds.over(live, input, known, coefficients);
  }

  @Override
  public void close() {
    scope.close();
  }
}
