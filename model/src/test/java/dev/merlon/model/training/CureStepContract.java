package dev.merlon.model.training;

import static dev.merlon.model.golden.GoldenValues.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.config.training.RegulariserSettings;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.golden.GoldenGradients;
import dev.merlon.model.network.BatchNormFolding;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.norm.L2;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.BatchPart;
import dev.merlon.model.objective.BoundAlignment;
import dev.merlon.model.objective.Combination;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.objective.Plan.Search;
import dev.merlon.model.objective.Region;
import dev.merlon.model.objective.RobustTerm;
import dev.merlon.model.objective.WarmUpRegulariser;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** CURE's losses and gradients over given adversarial points, against golden numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CureStepContract {
  private static final AttackSettings ATTACK =
      new AttackSettings(1, 1, 0.5, StepDecay.none(), AttackStatistics.BATCH, true);

  abstract Stream<GoldenCase> cases();

  // A step uses the statistics of its batch, so cases with running ones are not its own.
  Stream<GoldenCase> steps() {
    return cases().filter(golden -> golden.trains() || hasNoBatchNorm(golden));
  }

  Stream<GoldenCase> stepsWithoutBatchNorm() {
    return cases().filter(CureStepContract::hasNoBatchNorm);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_joint_isTheGoldenMix(GoldenCase golden) {
    double alpha = golden.number("cure", "joint_alpha");
    Plan plan = plan(golden, new Combination.Weighted(List.of(1 - alpha, alpha)), Optional.empty());
    assertRobust(golden, plan, golden.number("cure", "joint"));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_max_isTheGoldenOneOfEachSampleWithItsGradients(GoldenCase golden) {
    double expected = golden.number("cure", "max_per_sample");
    withGraph(
        golden,
        plan(golden, new Combination.Largest(), Optional.empty()),
        BatchPart.Place.whole(batch(golden)),
        graph -> {
          assertClose("total", graph.losses().total(), expected, expected);
          assertThat(graph.losses().alignment()).isZero();
          Autograd.backward(graph.loss());
          GoldenGradients.assertClose("cure_max_per_sample", golden, graph.trained());
        });
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_random_isTheGoldenMeanOverBothHalves(GoldenCase golden) {
    double expected = golden.number("cure", "random_half_linf_half_l2_equal_weight_means");
    assertRobust(golden, random(golden), expected);
  }

  // Cut where the halves are not: which norm an image has does not depend on its micro-batch.
  @ParameterizedTest
  @MethodSource("stepsWithoutBatchNorm")
  void loss_randomInMicroBatches_isThatOfTheBatch(GoldenCase golden) {
    int total = batch(golden);
    for (int size : new int[] {1, total - 1}) {
      double[] sum = {0};
      for (int first = 0; first < total; first += size) {
        BatchPart.Place place = new BatchPart.Place(first, Math.min(size, total - first), total);
        withGraph(
            golden,
            random(golden),
            place,
            graph -> sum[0] += graph.losses().robust() * place.size() / total);
      }
      double expected = golden.number("cure", "random_half_linf_half_l2_equal_weight_means");
      assertClose("robust", sum[0], expected, expected);
    }
  }

  // Three images of one norm, four of the other: the mean of both means, not of all seven.
  @ParameterizedTest
  @MethodSource("stepsWithoutBatchNorm")
  void loss_randomOfAnOddBatch_givesBothNormsTheSameWeight(GoldenCase golden) {
    int odd = batch(golden) - 1;
    int half = odd / 2;
    double[] first = golden.tensor("cure.loss_linf_per_sample").toDoubles();
    double[] second = golden.tensor("cure.loss_l2_per_sample").toDoubles();
    double expected = (mean(first, 0, half) + mean(second, half, odd)) / 2;
    withGraph(
        golden,
        random(golden),
        new BatchPart.Place(0, odd, odd),
        graph -> assertClose("robust", graph.losses().robust(), expected, expected));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_scratch_addsTheDivergenceOverTheCertifiedSubset(GoldenCase golden) {
    double eta = golden.number("cure", "eta");
    double divergence = golden.number("cure", "kl_q_linf_r_l2");
    double largest = golden.number("cure", "max_per_sample");
    withGraph(
        golden,
        plan(golden, new Combination.Largest(), Optional.of(new Plan.Alignment(0, eta))),
        BatchPart.Place.whole(batch(golden)),
        graph -> {
          assertClose("alignment", graph.losses().alignment(), eta * divergence, 1);
          assertClose("robust", graph.losses().robust(), largest, largest);
          assertClose("total", graph.losses().total(), largest + eta * divergence, largest);
          Autograd.backward(graph.loss());
          assertScratchGradients(golden, eta, graph.trained());
          if (divergence == 0) {
            GoldenGradients.assertClose("cure_max_per_sample", golden, graph.trained());
          }
        });
  }

  // Over the samples that every margin of the first norm is above 0 for; the label's is 0.
  private static void assertScratchGradients(GoldenCase golden, double eta, LiveNetwork actual) {
    try (Scope scope = Scope.open("test")) {
      Scratch scratch = scratch(golden, scope, eta, margins -> margins.min(new int[] {1}).gt(0));
      Map<String, double[]> expected = gradients(scratch.live());
      gradients(actual)
          .forEach(
              (name, values) -> {
                for (int i = 0; i < values.length; i++) {
                  assertClose(name + "[" + i + "]", values[i], expected.get(name)[i], 1);
                }
              });
    }
  }

  @ParameterizedTest
  @MethodSource("steps")
  void losses_natural_shareTheWeightWithMaxAndAlignment(GoldenCase golden) {
    Plan whole = plan(golden, new Combination.Largest(), Optional.of(new Plan.Alignment(0, 2)));
    Plan plan =
        new Plan(whole.attacks(), whole.terms(), whole.combination(), whole.alignment(), 0.25, 0);
    withGraph(
        golden,
        plan,
        BatchPart.Place.whole(batch(golden)),
        graph -> {
          StepLosses losses = graph.losses();
          double expected = 0.75 * losses.natural() + 0.25 * (losses.robust() + losses.alignment());
          assertClose("total", losses.total(), expected, expected);
        });
  }

  @ParameterizedTest
  @MethodSource("steps")
  void loss_scratchOverEverySample_hasTheGoldenGradients(GoldenCase golden) {
    double expected = golden.number("cure", "scratch_total_all_samples");
    try (Scope scope = Scope.open("test")) {
      double eta = golden.number("cure", "eta");
      Scratch scratch = scratch(golden, scope, eta, margins -> margins.argMax(1).gte(0));
      assertClose("divergence", scratch.divergence(), golden.number("cure", "kl_all_samples"), 1);
      assertClose("total", scratch.total(), expected, expected);
      GoldenGradients.assertClose("cure_scratch_total_all_samples", golden, scratch.live());
    }
  }

  /** CURE-Scratch's loss put together by hand, after its backward pass. */
  private record Scratch(LiveNetwork live, double divergence, double total) {}

  private static Scratch scratch(
      GoldenCase golden, Scope scope, double eta, UnaryOperator<NDArray> subset) {
    double[] values = new double[2];
    // The batch's statistics are part of the graph.
    LiveNetwork differentiated =
        Autograd.recording(
            () -> {
              Setup setup = golden.open(scope, true);
              List<NDArray> points = points(golden, scope);
              List<NDArray> margins =
                  regions(golden).stream()
                      .map(region -> region.trace(setup.live(), setup.x(), points))
                      .map(trace -> trace.marginLowerBounds(setup.labels()))
                      .toList();
              NDArray y =
                  Margins.oneHot(
                      setup.labels(), setup.live().network().classes(), setup.x().getDataType());
              NDArray largest =
                  new Combination.Largest()
                      .of(margins.stream().map(m -> Margins.crossEntropy(m, y)).toList());
              NDArray chosen = subset.apply(margins.get(0).stopGradient().add(y));
              NDArray divergence =
                  BoundAlignment.loss(margins.get(0), List.of(margins.get(1)), chosen);
              NDArray loss = largest.add(Scalars.times(divergence, eta));
              values[0] = divergence.getDouble();
              values[1] = loss.getDouble();
              Autograd.backward(loss);
              return setup.live();
            });
    return new Scratch(differentiated, values[0], values[1]);
  }

  private static Map<String, double[]> gradients(LiveNetwork live) {
    Map<String, double[]> gradients = new LinkedHashMap<>();
    live.network()
        .parameters()
        .forEach(
            (name, spec) -> {
              if (spec.role().trainable()) {
                NDArray leaf = live.tensors().get(name);
                gradients.put(name, HostTensor.copyOf(Autograd.gradient(leaf)).toDoubles());
              }
            });
    return gradients;
  }

  private static void assertRobust(GoldenCase golden, Plan plan, double expected) {
    withGraph(
        golden,
        plan,
        BatchPart.Place.whole(batch(golden)),
        graph -> {
          assertClose("robust", graph.losses().robust(), expected, expected);
          assertClose("total", graph.losses().total(), expected, expected);
        });
  }

  /** The step of some of the case's first images. */
  private static void withGraph(
      GoldenCase golden, Plan plan, BatchPart.Place place, Consumer<StepGraph> check) {
    try (Scope scope = Scope.open("test")) {
      Map<String, NDArray> owned = new LinkedHashMap<>();
      golden.values().tensors().forEach((name, value) -> owned.put(name, scope.tensor(value)));
      int end = place.first() + place.size();
      List<NDArray> points = points(golden, scope);
      List<NDArray> found =
          plan.attacks().stream()
              .map(
                  attack ->
                      rows(
                          points.get(plan.attacks().indexOf(attack)),
                          place.first() + attack.share().from(place),
                          place.first() + attack.share().to(place)))
              .toList();
      AttackedBatch batch =
          new AttackedBatch(
              scope.child("batch"),
              rows(scope.tensor(golden.tensor("x")), place.first(), end),
              scope.labels(Arrays.copyOfRange(golden.labels(), place.first(), end)),
              plan,
              found,
              place,
              () -> {
                throw new AssertionError("CURE searches no latent box");
              });
      Autograd.recording(
          () -> {
            LiveNetwork trained = LiveNetwork.over(golden.network(), owned, batch.scope(), true);
            WarmUpRegulariser regulariser =
                new WarmUpRegulariser(new RegulariserSettings(0.5, 0.5, true, true));
            check.accept(
                new StepGraph(
                    trained,
                    BatchNormFolding.of(golden.network()),
                    batch,
                    regulariser,
                    plan.attacks().get(0).set().withEps(1e-6)));
            return trained;
          });
    }
  }

  private static NDArray rows(NDArray all, long from, long to) {
    return all.get(new NDIndex("{}:{}", from, to));
  }

  private static List<NDArray> points(GoldenCase golden, Scope scope) {
    HostTensor maximum = golden.tensor("sabr.x_adv");
    return List.of(scope.tensor(maximum), scope.tensor(golden.tensor("cure_l2.x_adv")));
  }

  private static Plan plan(
      GoldenCase golden, Combination combination, Optional<Plan.Alignment> alignment) {
    List<RobustTerm> terms =
        regions(golden).stream().<RobustTerm>map(RobustTerm.OverRegion::new).toList();
    return new Plan(searches(golden), terms, combination, alignment, 1, 0);
  }

  private static Plan random(GoldenCase golden) {
    List<Search> halves =
        List.of(
            searches(golden).get(0).in(new BatchPart(0, 2)),
            searches(golden).get(1).in(new BatchPart(1, 2)));
    List<RobustTerm> terms =
        regions(golden).stream().<RobustTerm>map(RobustTerm.OverRegion::new).toList();
    return Plan.single(halves, new RobustTerm.RegionOfShare(terms), 1, 0);
  }

  private static List<Search> searches(GoldenCase golden) {
    return regions(golden).stream()
        .map(region -> new Search(region.set(), ATTACK, Pgd.Options.TRAINING))
        .toList();
  }

  private static List<Region.Small> regions(GoldenCase golden) {
    NormBall box = new NormBall(new LInf(), golden.number("eps"), true);
    NormBall ball = new NormBall(new L2(), golden.number("cure", "l2_eps"), true);
    return List.of(
        new Region.Small(0, box, golden.number("sabr", "lambda"), RegionForm.DIMWISE),
        new Region.Small(1, ball, golden.number("cure", "lambda2"), RegionForm.PAPER));
  }

  private static int batch(GoldenCase golden) {
    return golden.labels().length;
  }

  private static double mean(double[] values, int from, int to) {
    return Arrays.stream(values, from, to).average().orElseThrow();
  }

  private static boolean hasNoBatchNorm(GoldenCase golden) {
    return golden.network().nodes().stream()
        .noneMatch(node -> node.operation() instanceof BatchNorm);
  }
}
