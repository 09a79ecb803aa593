package dev.merlon.model.verify.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.bound.CrownOptions;
import dev.merlon.model.bound.InputSet;
import dev.merlon.model.bound.OutputRows;
import dev.merlon.model.bound.PreActivations;
import dev.merlon.model.bound.PublishedCase;
import dev.merlon.model.bound.SplitBounds;
import dev.merlon.model.tensor.Scope;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Margins that a mixed-integer program solved exactly. */
class BranchAndBoundGoldenTest {
  // The golden margins' own error is below 1e-9.
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-7;

  @Test
  void run_goalAroundTheExactMargin_provedBelowAndNotAbove() throws IOException {
    PublishedCase.eachExact(
        (i, exact) -> {
          double worst = exact.golden().path("worst").asDouble();
          BranchAndBound.Result below = run(exact, worst - STEP);
          BranchAndBound.Result above = run(exact, worst + STEP);

          assertThat(below.end()).as("case %d", i).isEqualTo(BranchAndBound.End.PROVED);
          assertThat(above.end()).as("case %d", i).isNotEqualTo(BranchAndBound.End.PROVED);
          int[] targets = exact.targets();
          for (int t = 0; t < targets.length; t++) {
            double margin = exact.golden().path("exact_margin").get(t).asDouble();
            assertThat(below.lower().get(targets[t])).isLessThanOrEqualTo(margin + TOLERANCE);
            assertThat(above.lower().get(targets[t])).isLessThanOrEqualTo(margin + TOLERANCE);
          }
        });
  }

  private static BranchAndBound.Result run(PublishedCase exact, double goal) {
    try (Scope scope = exact.live().scope().child("search")) {
      InputSet input = InputSet.around(scope.constant(exact.x()), exact.set());
      PreActivations known =
          PreActivations.crown(exact.live(), input, CrownOptions.sparse(), scope);
      try (SplitBounds bounds = SplitBounds.over(exact.live(), input, known, 1 << 20)) {
        BranchSettings settings =
            BranchSettings.published(1 << 20, bounds.unstable()).withGoal(goal);
        return BranchAndBound.of(
                bounds,
                OutputRows.margins(exact.label()),
                settings,
                BranchAndBound.Probe.NONE,
                LeafSolver.NONE,
                () -> false,
                scope)
            .run(exact.targets());
      }
    }
  }
}
