package dev.merlon.model.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.objective.Concretisation;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.Plan.Search;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.sample.SampleRun;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurePlanTest {
  private static final Phase NATURAL = new Phase(0, 0, 0, 0, 0.1, true, true, 1, 0.01);
  private static final Phase RAMP = new Phase(1, 2, 6, 0.05, 0.1, true, false, 1, 0.01);
  private static final Phase FINAL = new Phase(3, 0, 12, 0.1, 0.1, false, false, 0.7, 0.01);
  private static final String THREE = "objective.threats=[\"linf:0.1\", \"l2:1.0\", \"l1:4.0\"]";

  @ParameterizedTest
  @ValueSource(strings = {"cure-joint", "cure-max", "cure-random", "cure-scratch", "cure-finetune"})
  void plan_naturalEpoch_isThatOfIbp(String kind) {
    assertThat(plan(NATURAL, "objective.kind=" + kind))
        .isEqualTo(plan(NATURAL, "objective.kind=ibp"));
  }

  @Test
  void plan_inTheRamp_allRadiiHaveTheSameShare() {
    Plan plan = plan(RAMP, "objective.kind=cure-joint", THREE);
    assertThat(plan.attacks())
        .extracting(attack -> attack.set().norm().name())
        .containsExactly("linf", "l2", "l1");
    // The l_inf search covers the whole set, the others leave room for their tiny boxes.
    assertThat(radii(plan))
        .containsExactly(
            new double[] {0.05, 0.5 * (1 - 1e-5), 2 * (1 - 1e-5)}, Offset.offset(1e-12));
    assertThat(plan.terms())
        .containsExactly(
            over(0, "linf", 0.05, 0.4, RegionForm.DIMWISE),
            over(1, "l2", 0.5, 1e-5, RegionForm.PAPER),
            over(2, "l1", 2, 1e-5, RegionForm.PAPER));
    assertThat(plan.regulariserWeight()).isCloseTo(0.25, Offset.offset(1e-12));
    assertThat(plan.regularised()).contains(small(0, "linf", 0.05, 0.4, RegionForm.DIMWISE));
  }

  @Test
  void plan_joint_weighsTheLossesByTheirShares() {
    Plan plan = plan(FINAL, "objective.kind=cure-joint", "objective.weights=[0.25, 0.75]");
    assertThat(plan.combination()).isEqualTo(new Combination.Weighted(List.of(0.25, 0.75)));
    assertThat(plan(FINAL, "objective.kind=cure-joint").combination())
        .isEqualTo(new Combination.Weighted(List.of(0.5, 0.5)));
    assertThat(plan.alignment()).isEmpty();
    assertThat(plan.robustWeight()).isEqualTo(0.7);
    assertThat(plan.regulariserWeight()).isZero();
  }

  @Test
  void plan_max_takesTheLargestWithoutAlignment() {
    Plan plan = plan(FINAL, "objective.kind=cure-max");
    assertThat(plan.combination()).isEqualTo(new Combination.Largest());
    assertThat(plan.alignment()).isEmpty();
    assertThat(plan.terms())
        .containsExactly(
            over(0, "linf", 0.1, 0.4, RegionForm.DIMWISE),
            over(1, "l2", 1, 1e-5, RegionForm.PAPER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cure-scratch", "cure-finetune"})
  void plan_aligning_isThatOfMaxWithTheHarderNormFirst(String kind) {
    for (Phase phase : List.of(RAMP, FINAL)) {
      Plan plan = plan(phase, "objective.kind=" + kind);
      Plan max = plan(phase, "objective.kind=cure-max");
      assertThat(plan.alignment()).contains(new Plan.Alignment(0, 2));
      assertThat(plan.terms()).isEqualTo(max.terms());
      assertThat(plan.attacks()).isEqualTo(max.attacks());
      assertThat(plan.combination()).isEqualTo(max.combination());
    }
    Plan other =
        plan(
            FINAL,
            "objective.kind=" + kind,
            "objective.alignment.lower=l2",
            "objective.alignment.weight=0.5");
    assertThat(other.alignment()).contains(new Plan.Alignment(1, 0.5));
    assertThat(plan(FINAL, "objective.kind=" + kind, "objective.alignment.weight=0").alignment())
        .isEqualTo(Optional.empty());
  }

  @Test
  void plan_random_searchesAndBoundsAPartForEachNorm() {
    Plan plan = plan(FINAL, "objective.kind=cure-random", THREE);
    assertThat(plan.attacks())
        .extracting(Search::share)
        .containsExactly(new BatchPart(0, 3), new BatchPart(1, 3), new BatchPart(2, 3));
    assertThat(plan.combination()).isEqualTo(new Combination.Mean());
    assertThat(plan.terms())
        .containsExactly(
            new RobustTerm.RegionOfShare(
                List.of(
                    over(0, "linf", 0.1, 0.4, RegionForm.DIMWISE),
                    over(1, "l2", 1, 1e-5, RegionForm.PAPER),
                    over(2, "l1", 4, 1e-5, RegionForm.PAPER))));
    assertThat(plan(FINAL, "objective.kind=cure-max", THREE).attacks())
        .extracting(Search::share)
        .containsOnly(BatchPart.WHOLE);
  }

  @Test
  void plan_randomWithSeveralShrinkages_boundsEachPartWithItsOwn() {
    String shrunken = "objective.regions.l2.relu-shrinkage=0.8";
    Plan plan = plan(FINAL, "objective.kind=cure-random", shrunken);
    assertThat(((Region.Divided) plan.terms().get(0).regions().get(0)).parts())
        .extracting(Region.Small::reluShrinkage)
        .containsExactly(1.0, 0.8);
  }

  @Test
  void plan_backwardBoundsForOneNorm_fuseTheLossOverItsRegionOnly() {
    String backward = "objective.regions.l2.bounds=crown-ibp";
    RobustTerm linf = over(0, "linf", 0.1, 0.4, RegionForm.DIMWISE);
    RobustTerm l2 =
        new RobustTerm.FusedLoss(
            small(1, "l2", 1, 1e-5, RegionForm.PAPER), 1, Concretisation.INPUT);
    assertThat(plan(FINAL, "objective.kind=cure-max", backward).terms()).containsExactly(linf, l2);
    assertThat(plan(FINAL, "objective.kind=cure-random", backward).terms())
        .containsExactly(new RobustTerm.RegionOfShare(List.of(linf, l2)));
  }

  private static Plan plan(Phase phase, String... changes) {
    return new Objective(SampleRun.settings(changes)).plan(phase);
  }

  private static double[] radii(Plan plan) {
    return plan.attacks().stream().mapToDouble(attack -> attack.set().eps()).toArray();
  }

  private static RobustTerm over(
      int attack, String norm, double eps, double ratio, RegionForm form) {
    return new RobustTerm.OverRegion(small(attack, norm, eps, ratio, form));
  }

  private static Region.Small small(
      int attack, String norm, double eps, double ratio, RegionForm form) {
    return new Region.Small(attack, new NormBall(Norm.of(norm), eps, true), ratio, form);
  }
}
