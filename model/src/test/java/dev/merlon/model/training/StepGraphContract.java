package dev.merlon.model.training;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.config.objective.Concretisation;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.config.training.RegulariserSettings;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenGradients;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.objective.Plan.Search;
import dev.merlon.model.objective.Region;
import dev.merlon.model.objective.RobustTerm;
import dev.merlon.model.objective.WarmUpRegulariser;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A whole step's graph, clean pass and merged batch normalisation included, against golden losses
 * and gradients.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StepGraphContract {
  private static final double SMALLEST = 1e-6;
  private static final AttackSettings ATTACK =
      new AttackSettings(1, 1, 0.5, StepDecay.none(), AttackStatistics.BATCH, true);

  abstract Stream<GoldenCase> cases();

  // A step uses the statistics of its batch, so cases with running ones are not its own.
  Stream<GoldenCase> steps() {
    return cases()
        .filter(
            golden ->
                golden.trains()
                    || golden.network().nodes().stream()
                        .noneMatch(node -> node.operation() instanceof BatchNorm));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_natural_isTheCleanLoss(GoldenCase golden) {
    Plan plan = Plan.NATURAL;
    assertStep(golden, plan, golden.number("clean_ce"), "clean_ce");
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_wholeSet_isTheIbpLoss(GoldenCase golden) {
    Plan plan = plan(List.of(), new Region.Whole(ball(golden)), 1, 0);
    assertStep(golden, plan, golden.number("ibp_loss_margin"), "ibp_loss_margin");
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_dimwiseRegion_isTheSabrLoss(GoldenCase golden) {
    assertStep(
        golden,
        sabr(golden, RegionForm.DIMWISE),
        golden.number("sabr", "loss_dimwise"),
        "sabr_dimwise");
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_scalarRegion_isTheSabrLoss(GoldenCase golden) {
    assertStep(
        golden,
        sabr(golden, RegionForm.SCALAR),
        golden.number("sabr", "loss_scalar"),
        "sabr_scalar");
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_backwardOverIntervals_isTheCrownIbpLoss(GoldenCase golden) {
    Region whole = new Region.Whole(ball(golden));
    assertStep(
        golden,
        plan(new RobustTerm.BackwardOverIntervals(whole, 1, Concretisation.INPUT), 1),
        golden.number("crown_ibp", "loss"),
        "crown_ibp");
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_mixedMarginsAndNaturalLoss_isTheKappaBetaLoss(GoldenCase golden) {
    Region whole = new Region.Whole(ball(golden));
    double beta = golden.number("crown_ibp", "beta");
    assertStep(
        golden,
        plan(
            new RobustTerm.BackwardOverIntervals(whole, beta, Concretisation.INPUT),
            1 - golden.number("crown_ibp", "kappa")),
        golden.number("crown_ibp", "loss_kappa_beta"),
        "crown_ibp_kappa_beta");
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_everyLayerConcretised_isThatOfThePublishedMargins(GoldenCase golden) {
    Region whole = new Region.Whole(ball(golden));
    double expected = crossEntropy(golden.tensor("crown_ibp_ctbench_variant.margin_lb"));
    withGraph(
        golden,
        plan(new RobustTerm.BackwardOverIntervals(whole, 1, Concretisation.EVERY_LAYER), 1),
        graph -> assertClose("total", graph.losses().total(), expected, expected));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_backwardAllTheWay_isTheCrownLoss(GoldenCase golden) {
    assertStep(
        golden,
        plan(new RobustTerm.BackwardAllTheWay(new Region.Whole(ball(golden))), 1),
        golden.number("crown_ibp", "plain_crown_loss"),
        "plain_crown");
  }

  @ParameterizedTest
  @MethodSource("steps")
  void losses_mixedWithRegulariser_addUp(GoldenCase golden) {
    double weight = golden.number("shi", "lambda_effective");
    Plan plan = plan(List.of(), new Region.Whole(ball(golden)), 0.7, weight);
    withGraph(
        golden,
        plan,
        graph -> {
          StepLosses losses = graph.losses();
          double clean = golden.number("clean_ce");
          double robust = golden.number("ibp_loss_margin");
          double penalty = golden.number("shi", "weighted");
          assertClose("natural", losses.natural(), clean, clean);
          assertClose("robust", losses.robust(), robust, robust);
          assertClose("regulariser", losses.regulariser(), penalty, 1);
          assertClose("total", losses.total(), 0.3 * clean + 0.7 * robust + penalty, robust);
          double certified = golden.number("ibp_certified_accuracy") * losses.size();
          assertClose("certified", losses.certified(), certified, 1);
        });
  }

  // The bounds of a point say nothing: while the radius is 0 the regulariser looks at a tiny one.
  @ParameterizedTest
  @MethodSource("steps")
  void losses_zeroRadius_regulariseTheSmallestSet(GoldenCase golden) {
    Region point = new Region.Whole(ball(golden).withEps(0));
    Region smallest = new Region.Whole(ball(golden).withEps(SMALLEST));
    withGraph(
        golden,
        plan(List.of(), smallest, 1, 0.5),
        expected ->
            withGraph(
                golden,
                plan(List.of(), point, 1, 0.5),
                graph -> {
                  double penalty = expected.losses().regulariser();
                  assertThat(penalty).isPositive();
                  assertClose("regulariser", graph.losses().regulariser(), penalty, penalty);
                  double clean = golden.number("clean_ce");
                  assertClose("robust", graph.losses().robust(), clean, clean);
                }));
  }

  private static void assertStep(GoldenCase golden, Plan plan, double expected, String gradient) {
    withGraph(
        golden,
        plan,
        graph -> {
          assertClose("total", graph.losses().total(), expected, expected);
          Autograd.backward(graph.loss());
          GoldenGradients.assertClose(gradient, golden, graph.trained());
        });
  }

  private interface Check {
    void on(StepGraph graph);
  }

  private static void withGraph(GoldenCase golden, Plan plan, Check check) {
    try (Scope scope = Scope.open("test")) {
      Map<String, NDArray> owned = new LinkedHashMap<>();
      golden.values().tensors().forEach((name, value) -> owned.put(name, scope.tensor(value)));
      AttackedBatch batch =
          new AttackedBatch(
              scope.child("batch"),
              scope.tensor(golden.tensor("x")),
              scope.labels(golden.labels()),
              plan,
              plan.attacks().stream()
                  .map(attack -> scope.tensor(golden.tensor("sabr.x_adv")))
                  .toList(),
              () -> CounterRandom.of(0, 0, 0, CounterRandom.Role.LATENT));
      Autograd.recording(
          () -> {
            LiveNetwork trained = LiveNetwork.over(golden.network(), owned, batch.scope(), true);
            WarmUpRegulariser regulariser =
                new WarmUpRegulariser(
                    new RegulariserSettings(0.5, golden.number("shi", "tol"), true, true));
            check.on(
                new StepGraph(
                    trained,
                    BatchNormFolding.of(golden.network()),
                    batch,
                    regulariser,
                    ball(golden).withEps(SMALLEST)));
            return trained;
          });
    }
  }

  private static Plan sabr(GoldenCase golden, RegionForm form) {
    Region region = new Region.Small(0, ball(golden), golden.number("sabr", "lambda"), form);
    Search search = new Search(ball(golden), ATTACK, Pgd.Options.TRAINING);
    return plan(List.of(search), region, 1, 0);
  }

  private static Plan plan(List<Search> attacks, Region region, double weight, double regulariser) {
    return Plan.single(attacks, new RobustTerm.OverRegion(region), weight, regulariser);
  }

  private static Plan plan(RobustTerm term, double weight) {
    return Plan.single(List.of(), term, weight, 0);
  }

  // The mean of log(1 + sum_j exp(-m_j)) over margins [N, K - 1].
  private static double crossEntropy(HostTensor margins) {
    double[] values = margins.toDoubles();
    int width = Math.toIntExact(margins.shape().get(1));
    return IntStream.range(0, values.length / width)
        .mapToDouble(
            n ->
                Math.log1p(
                    Arrays.stream(values, n * width, (n + 1) * width)
                        .map(margin -> Math.exp(-margin))
                        .sum()))
        .average()
        .orElseThrow();
  }

  private static NormBall ball(GoldenCase golden) {
    return new NormBall(new LInf(), golden.number("eps"), true);
  }
}
