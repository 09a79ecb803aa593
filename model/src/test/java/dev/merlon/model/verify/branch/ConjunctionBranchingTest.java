package dev.merlon.model.verify.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.specification.LinearConstraint;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Over a set that is so small that no neuron is unstable, a constraint's function has one bound,
 * which nothing raises: goals are put around it.
 */
class ConjunctionBranchingTest {
  private static final LinearConstraint CONSTRAINT = LinearConstraint.notAhead(0, 1);
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void exclude_bestBoundIsExactlyTheGoal_excludesNothing() {
    double bound = bound();

    ConjunctionBranching.Result tie = exclude(bound);

    assertThat(tie.lower()).containsEntry(CONSTRAINT, bound);
    assertThat(tie.open()).containsExactly(0);
    assertThat(tie.unproved().map(ConjunctionBranching.Unproved::goal)).contains(bound);
    assertThat(tie.proofs()).isEmpty();
  }

  @Test
  void exclude_bestBoundIsTheNextNumberAboveTheGoal_excludes() {
    ConjunctionBranching.Result above = exclude(Math.nextDown(bound()));

    assertThat(above.open()).isEmpty();
    assertThat(above.unproved()).isEmpty();
    assertThat(above.proofs()).containsOnlyKeys(CONSTRAINT);
  }

  /** The bound that there is. */
  private double bound() {
    double found = exclude(Double.MAX_VALUE).unproved().orElseThrow().lower();
    assertThat(found).isFinite();
    return found;
  }

  private ConjunctionBranching.Result exclude(double goal) {
    GoldenCase.Setup setup =
        Autograd.withoutGradients(() -> GoldenCases.bundled("mlp").open(scope, false));
    NormBall set = new NormBall(Norm.of("linf"), 1e-9, true);
    Root.Inputs around =
        (live, owner) -> InputSet.around(owner.constant(setup.x().get("0:1")), set);
    try (Root root = Root.of(setup.live(), around, CrownOptions.sparse(), Optional.empty())) {
      return root.improved(
          () -> false,
          improved -> {
            assertThat(improved.bounds().unstable()).isZero();
            return new ConjunctionBranching(
                    improved, constraint -> goal, 1 << 20, BranchAndBound.Probe.NONE, () -> false)
                .keepingProofs()
                .exclude(List.of(List.of(CONSTRAINT)), wanted -> LeafSolver.NONE);
          });
    }
  }
}
