package dev.merlon.model.verify.branch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.linear.PublishedCase;
import dev.merlon.model.bound.split.LabelMargins;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedModel;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Margins that a mixed-integer program solved exactly. */
class BranchAndBoundGoldenTest {
  // The golden margins' own error is below 1e-9.
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-7;

  static List<PublishedModel> models() {
    return PublishedFolder.found().exact();
  }

  @ParameterizedTest
  @MethodSource("models")
  void run_goalAroundTheExactMargin_provedBelowAndNotAbove(PublishedModel model) {
    PublishedCase.each(
        model,
        (i, exact) -> {
          double[] margins = exact.numbers("exact_margin");
          double worst = Arrays.stream(margins).min().orElseThrow();
          BranchAndBound.Result below = run(exact, worst - STEP);
          BranchAndBound.Result above = run(exact, worst + STEP);

          assertThat(below.end()).as("case %d", i).isEqualTo(BranchAndBound.End.PROVED);
          assertThat(above.end()).as("case %d", i).isNotEqualTo(BranchAndBound.End.PROVED);
          int[] targets = exact.targets();
          for (int t = 0; t < targets.length; t++) {
            double largest = margins[t] + TOLERANCE;
            assertThat(below.lower().get(targets[t])).isLessThanOrEqualTo(largest);
            assertThat(above.lower().get(targets[t])).isLessThanOrEqualTo(largest);
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
                LabelMargins.of(exact.label()),
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
