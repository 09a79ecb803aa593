package dev.merlon.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.RunSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.objective.Concretisation;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.model.attack.Pgd.Keep;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.norm.StepWidth;
import dev.merlon.model.objective.Plan.Search;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.sample.SampleRun;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectiveTest {
  private static final Phase NATURAL = new Phase(0, 0, 0, 0, 0.1, true, true, 1, 0.01);
  private static final Phase RAMP = new Phase(1, 2, 6, 0.04, 0.1, true, false, 1, 0.01);
  private static final Phase FINAL = new Phase(3, 0, 12, 0.1, 0.1, false, false, 0.7, 0.01);

  @Test
  void plan_natural_isTheCleanLossAlone() {
    for (Phase phase : List.of(NATURAL, RAMP, FINAL)) {
      assertThat(plan(phase, "objective.kind=natural")).isEqualTo(Plan.NATURAL);
    }
  }

  @Test
  void plan_ibpNaturalEpoch_isThePointWithTheRegulariser() {
    Plan plan = plan(NATURAL, "objective.kind=ibp");
    assertThat(plan.terms()).containsExactly(whole(0));
    assertThat(plan.attacks()).isEmpty();
    assertThat(plan.robustWeight()).isEqualTo(1);
    assertThat(plan.regulariserWeight()).isCloseTo(0.5, Offset.offset(1e-4));
  }

  @Test
  void plan_ibpInTheRamp_weighsTheRegulariserByTheRadiusLeft() {
    Plan plan = plan(RAMP, "objective.kind=ibp");
    assertThat(plan.terms()).containsExactly(whole(0.04));
    assertThat(plan.regulariserWeight()).isCloseTo(0.5 * 0.6, Offset.offset(1e-12));
  }

  @Test
  void plan_ibpAfterTheRamp_hasNoRegulariser() {
    Plan plan = plan(FINAL, "objective.kind=ibp");
    assertThat(plan.terms()).containsExactly(whole(0.1));
    assertThat(plan.robustWeight()).isEqualTo(0.7);
    assertThat(plan.regulariserWeight()).isZero();
  }

  @Test
  void plan_regulariserSwitchedOff_isNeverThere() {
    assertThat(plan(RAMP, "objective.kind=ibp", "regulariser.weight=0").regulariserWeight())
        .isZero();
  }

  @Test
  void plan_goldenRadii_weighTheRegulariserAsPublished() {
    GoldenCases.bundled()
        .forEach(
            golden -> {
              double eps = golden.number("eps");
              double last = golden.number("eps_max");
              Phase phase = new Phase(1, 0, 4, eps, last, true, false, 1, 0.01);
              assertThat(plan(phase, "objective.kind=ibp").regulariserWeight())
                  .isCloseTo(golden.number("shi", "lambda_effective"), Offset.offset(1e-12));
            });
  }

  @Test
  void plan_pgd_attacksTheWholeSetWithoutRegulariser() {
    Plan plan = plan(RAMP, "objective.kind=pgd");
    assertThat(plan.terms()).containsExactly(new RobustTerm.AtPoint(0));
    assertThat(plan.attacks()).hasSize(1);
    assertThat(plan.attacks().get(0).set()).isEqualTo(ball(0.04));
    assertThat(plan.regulariserWeight()).isZero();
  }

  @Test
  void plan_pgdNaturalEpoch_attacksNothing() {
    assertThat(plan(NATURAL, "objective.kind=pgd"))
        .isEqualTo(plan(NATURAL, "objective.kind=natural"));
  }

  @Test
  void plan_sabrNaturalEpoch_isThatOfIbp() {
    assertThat(plan(NATURAL, "objective.kind=sabr")).isEqualTo(plan(NATURAL, "objective.kind=ibp"));
  }

  @ParameterizedTest
  @CsvSource({"dimwise, 0.04, PER_PIXEL", "scalar, 0.04, LARGEST", "paper, 0.03, LARGEST"})
  void plan_sabr_searchesAndPropagatesAsItsFormSays(String form, double searched, StepWidth width) {
    Plan plan =
        plan(
            RAMP,
            "objective.kind=sabr",
            "objective.subselection-ratio=0.25",
            "objective.region=" + form);
    Search search = plan.attacks().get(0);
    assertThat(plan.attacks()).hasSize(1);
    assertThat(search.set().eps()).isCloseTo(searched, Offset.offset(1e-15));
    assertThat(search.options().width()).isEqualTo(width);
    assertThat(search.options().keep()).isEqualTo(Keep.HIGHEST_LOSS);
    assertThat(plan.terms())
        .containsExactly(
            new RobustTerm.OverRegion(
                new Region.Small(
                    0, ball(0.04), 0.25, RegionForm.valueOf(form.toUpperCase(Locale.ROOT)))));
    assertThat(plan.regulariserWeight()).isCloseTo(0.3, Offset.offset(1e-12));
  }

  @Test
  void plan_sabrWithShrinkage_propagatesWithIt() {
    Plan plan = plan(RAMP, "objective.kind=sabr", "objective.relu-shrinkage=0.8");
    assertThat(plan.terms())
        .containsExactly(
            new RobustTerm.OverRegion(
                new Region.Small(0, ball(0.04), 0.4, RegionForm.DIMWISE, 0.8)));
  }

  @Test
  void plan_crownIbp_mixesByTheRadius() {
    String kind = "objective.kind=crown-ibp";
    Region half = new Region.Whole(ball(0.05));
    Plan plan = plan(new Phase(1, 3, 7, 0.05, 0.1, true, false, 1, 0.01), kind);
    assertThat(plan.terms())
        .containsExactly(new RobustTerm.BackwardOverIntervals(half, 0.5, Concretisation.INPUT));
    assertThat(plan.regulariserWeight()).isCloseTo(0.25, Offset.offset(1e-12));
    assertThat(plan(NATURAL, kind)).isEqualTo(plan(NATURAL, "objective.kind=ibp"));
    // Where nothing of the backward pass counts, there is none.
    assertThat(plan(FINAL, kind)).isEqualTo(plan(FINAL, "objective.kind=ibp"));
    assertThat(
            plan(FINAL, kind, "objective.crown-share.end=0.5", "objective.concretise=every-layer")
                .terms())
        .containsExactly(
            new RobustTerm.BackwardOverIntervals(
                new Region.Whole(ball(0.1)), 0.5, Concretisation.EVERY_LAYER));
  }

  @Test
  void plan_crownIbpWithLossFusion_boundsTheLossItself() {
    Plan plan =
        plan(
            RAMP,
            "objective.kind=crown-ibp",
            "objective.loss-fusion=true",
            "objective.crown-share.end=1",
            "objective.concretise=every-layer");
    assertThat(plan.terms())
        .containsExactly(
            new RobustTerm.FusedLoss(new Region.Whole(ball(0.04)), 1, Concretisation.EVERY_LAYER));
  }

  @Test
  void plan_crown_boundsEveryLayerBackwards() {
    String kind = "objective.kind=crown";
    assertThat(plan(RAMP, kind).terms())
        .containsExactly(new RobustTerm.BackwardAllTheWay(new Region.Whole(ball(0.04))));
    assertThat(plan(FINAL, kind).terms())
        .containsExactly(new RobustTerm.BackwardAllTheWay(new Region.Whole(ball(0.1))));
    assertThat(plan(FINAL, kind).robustWeight()).isEqualTo(0.7);
    assertThat(plan(NATURAL, kind)).isEqualTo(plan(NATURAL, "objective.kind=ibp"));
  }

  @Test
  void plan_anyNorm_isAboutItsBalls() {
    for (Norm norm : Norms.ALL) {
      String named = "schedule.norm=" + norm.name();
      NormBall ball = new NormBall(norm, 0.04, true);
      assertThat(plan(RAMP, "objective.kind=pgd", named).attacks().get(0).set()).isEqualTo(ball);
      assertThat(plan(RAMP, "objective.kind=ibp", named).terms())
          .containsExactly(new RobustTerm.OverRegion(new Region.Whole(ball)));
      assertThat(plan(RAMP, "objective.kind=sabr", named, "objective.region=paper").terms())
          .containsExactly(
              new RobustTerm.OverRegion(new Region.Small(0, ball, 0.4, RegionForm.PAPER)));
    }
  }

  @Test
  void plan_attackSettings_areTheConfiguredOnes() {
    Plan plan =
        plan(
            RAMP,
            "objective.kind=pgd",
            "objective.attack.steps=17",
            "objective.attack.batch-norm=eval");
    assertThat(plan.attacks().get(0).settings().steps()).isEqualTo(17);
    assertThat(plan.attacks().get(0).statistics()).isEqualTo(AttackStatistics.EVAL);
  }

  @Test
  void newPlan_weightWithoutTerm_isRefused() {
    assertThatThrownBy(
            () -> new Plan(List.of(), List.of(), new Combination.Mean(), Optional.empty(), 0.5, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Plan plan(Phase phase, String... changes) {
    RunSettings settings = SampleRun.settings(changes);
    return new Objective(settings).plan(phase);
  }

  private static RobustTerm whole(double eps) {
    return new RobustTerm.OverRegion(new Region.Whole(ball(eps)));
  }

  private static NormBall ball(double eps) {
    return new NormBall(new LInf(), eps, true);
  }
}
