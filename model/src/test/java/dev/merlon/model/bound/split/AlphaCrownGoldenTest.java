package dev.merlon.model.bound.split;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.linear.PublishedCase;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedModel;
import dev.merlon.model.tensor.Scope;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bounds with optimised slopes of published models, against what others' optimisers reach. */
class AlphaCrownGoldenTest {
  // Optimised values are no exact numbers: this much of the largest logit may be missing. Bounds
  // inside the network, each optimised for itself, converge later than those optimised for the
  // margins alone.
  private static final double SLACK = 1e-3;
  private static final double TOLERANCE = 1e-7;
  private static final long COEFFICIENTS = 1L << 20;
  // Neurons of all compared cases of a model, about: a matter of time.
  private static final long NEURONS = 4000;

  /** The models that the folder has such bounds of. */
  static List<PublishedModel> optimised() {
    return having("alpha_final_100");
  }

  /** The models that the folder has such bounds of with every layer optimised. */
  static List<PublishedModel> optimisedThroughout() {
    return having("alpha_full_20_auto_lirpa");
  }

  private static List<PublishedModel> having(String bounds) {
    return PublishedFolder.found().bounds().stream()
        .map(model -> model.with(golden -> golden.has(bounds)))
        .filter(model -> !model.cases().isEmpty())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("optimised")
  void maximise_margins_atLeastAsGolden(PublishedModel model) {
    long every = Math.max(1, neurons(model) * model.cases().size() / NEURONS);
    PublishedCase.each(
        model,
        (i, published) -> {
          if (i % every == 0) {
            compare(published);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("optimisedThroughout")
  void improved_everyLayer_atLeastAsGolden(PublishedModel model) {
    PublishedCase.each(model, (i, published) -> compareFull(published));
  }

  private static long neurons(PublishedModel model) {
    return model.read().network().nonlinear().stream().mapToLong(node -> node.shape().size()).sum();
  }

  private static void compare(PublishedCase published) {
    try (Scope scope = published.live().scope().child("comparison")) {
      InputSet input = InputSet.around(scope.constant(published.x()), published.set());
      PreActivations crown =
          PreActivations.crown(published.live(), input, CrownOptions.full(), scope);
      double[] bounds = margins(published, input, crown, 100, scope);
      atLeast(published, "crown_min_area", bounds, TOLERANCE);
      atLeast(published, "alpha_final_100", bounds, SLACK * largestLogit(published));
    }
  }

  private static void compareFull(PublishedCase published) {
    try (Scope scope = published.live().scope().child("comparison")) {
      InputSet input = InputSet.around(scope.constant(published.x()), published.set());
      PreActivations crown =
          PreActivations.crown(published.live(), input, CrownOptions.full(), scope);
      PreActivations.Improvement how =
          new PreActivations.Improvement(SlopeSettings.whole(40), COEFFICIENTS, () -> false);
      PreActivations better = crown.improved(published.live(), input, how, scope);
      double[] bounds = margins(published, input, better, 40, scope);
      atLeast(published, "alpha_full_20_auto_lirpa", bounds, SLACK * largestLogit(published));
    }
  }

  private static double[] margins(
      PublishedCase published, InputSet input, PreActivations known, int iterations, Scope scope) {
    int[] targets = published.targets();
    try (SplitBounds bounds = SplitBounds.over(published.live(), input, known, COEFFICIENTS)) {
      NDArray rows = bounds.marginRows(published.label(), targets, scope);
      List<Subproblem> whole = Collections.nCopies(targets.length, bounds.whole());
      SlopeSettings settings = SlopeSettings.whole(iterations).withoutGoal();
      return bounds.maximise(bounds.output(), rows, whole, settings, () -> false).stream()
          .mapToDouble(SplitBounds.Bounded::lower)
          .toArray();
    }
  }

  private static void atLeast(PublishedCase published, String what, double[] bounds, double slack) {
    IntStream.range(0, bounds.length)
        .forEach(
            t -> {
              double expected = published.numbers(what)[t];
              assertThat(bounds[t])
                  .as("%s of input %s, %s", what, published.golden().path("index"), published.set())
                  .isGreaterThanOrEqualTo(expected - slack);
            });
  }

  private static double largestLogit(PublishedCase published) {
    double largest = 0;
    for (var logit : published.golden().path("logits")) {
      largest = Math.max(largest, Math.abs(logit.asDouble()));
    }
    return largest;
  }
}
