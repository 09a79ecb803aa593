package dev.merlon.model.objective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.RunSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.config.objective.TapsSettings;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.RobustTerm.AtPoint;
import dev.merlon.model.objective.RobustTerm.LatentSearch;
import dev.merlon.model.objective.RobustTerm.MixedMargins;
import dev.merlon.model.objective.RobustTerm.OverRegion;
import dev.merlon.model.optimize.Phase;
import dev.merlon.model.sample.SampleRun;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of TAPS, STAPS, MTL-IBP, CC-IBP and EXP-IBP in every phase. */
class SearchedPlanTest {
  private static final Phase NATURAL = new Phase(0, 0, 0, 0, 0.1, true, true, 1, 0.01);
  private static final Phase RAMP = new Phase(1, 2, 6, 0.04, 0.1, true, false, 1, 0.01);
  private static final Phase FINAL = new Phase(3, 0, 12, 0.1, 0.1, false, false, 0.7, 0.01);

  @ParameterizedTest
  @ValueSource(strings = {"taps", "staps", "mtl-ibp", "cc-ibp", "exp-ibp"})
  void plan_naturalEpoch_isThatOfIbp(String kind) {
    assertThat(plan(NATURAL, kind)).isEqualTo(plan(NATURAL, "ibp"));
  }

  @Test
  void plan_rampOfTaps_isThatOfIbp() {
    assertThat(plan(RAMP, "taps")).isEqualTo(plan(RAMP, "ibp"));
  }

  @Test
  void plan_rampOfTapsWithShrinkage_shrinksToo() {
    assertThat(plan(RAMP, "taps", "objective.taps.relu-shrinkage=0.8").terms())
        .containsExactly(new OverRegion(new Region.Whole(ball(0.04), 0.8)));
  }

  @Test
  void plan_rampOfStaps_isThatOfSabr() {
    assertThat(plan(RAMP, "staps", "objective.subselection-ratio=0.7"))
        .isEqualTo(plan(RAMP, "sabr", "objective.subselection-ratio=0.7"));
  }

  @Test
  void plan_tapsAtTheFinalRadius_multipliesLatentAndIntervalLoss() {
    Plan plan = plan(FINAL, "taps");
    Region whole = new Region.Whole(ball(0.1));
    assertThat(plan.attacks()).isEmpty();
    assertThat(plan.terms())
        .containsExactly(new LatentSearch(whole, latent("taps")), new OverRegion(whole));
    assertThat(plan.combination()).isEqualTo(new Combination.Product(5, 1, false));
    assertThat(plan.robustWeight()).isEqualTo(0.7);
    assertThat(plan.regulariserWeight()).isZero();
  }

  @Test
  void plan_stapsAtTheFinalRadius_doesSoOverTheSmallBox() {
    Plan plan = plan(FINAL, "staps");
    Region small = new Region.Small(0, ball(0.1), 0.4, RegionForm.DIMWISE);
    assertThat(plan.attacks()).isEqualTo(plan(FINAL, "sabr").attacks());
    assertThat(plan.terms())
        .containsExactly(new LatentSearch(small, latent("staps")), new OverRegion(small));
  }

  @Test
  void plan_expressive_attacksItsOwnRadiusAndMixes() {
    String[] changes = {
      "objective.attack-radius=1.5", "objective.ibp-share=0.2", "objective.attack.batch-norm=eval"
    };
    OverRegion interval = new OverRegion(new Region.Whole(ball(0.04)));
    Plan mtl = plan(RAMP, "mtl-ibp", changes);
    assertThat(mtl.terms()).containsExactly(new AtPoint(0), interval);
    assertThat(mtl.combination()).isEqualTo(new Combination.Weighted(List.of(0.8, 0.2)));
    Plan cc = plan(RAMP, "cc-ibp", changes);
    assertThat(cc.terms()).containsExactly(new MixedMargins(new AtPoint(0), interval, 0.2));
    assertThat(cc.combination()).isEqualTo(new Combination.Mean());
    Plan exp = plan(RAMP, "exp-ibp", changes);
    assertThat(exp.terms()).containsExactly(new AtPoint(0), interval);
    assertThat(exp.combination()).isEqualTo(new Combination.Geometric(0.2));
    for (Plan plan : List.of(mtl, cc, exp)) {
      assertThat(plan.attacks()).hasSize(1);
      assertThat(plan.attacks().get(0).set().eps()).isCloseTo(0.06, Offset.offset(1e-15));
      assertThat(plan.attacks().get(0).statistics()).isEqualTo(AttackStatistics.EVAL);
      assertThat(plan.regularised()).contains(interval.region());
      assertThat(plan.regulariserWeight()).isCloseTo(0.3, Offset.offset(1e-12));
    }
  }

  @Test
  void latentSearch_objectivesWithOne_isAboutTheGivenSet() {
    NormBall set = ball(0.3);
    assertThat(new Objective(settings("ibp")).latentSearch(set)).isEmpty();
    Plan taps = new Objective(settings("taps")).latentSearch(set).orElseThrow();
    assertThat(taps.terms())
        .containsExactly(new LatentSearch(new Region.Whole(set), latent("taps")));
    Plan staps = new Objective(settings("staps")).latentSearch(set).orElseThrow();
    assertThat(staps.attacks()).extracting(search -> search.set()).containsExactly(set);
  }

  private static Plan plan(Phase phase, String kind, String... changes) {
    return new Objective(settings(kind, changes)).plan(phase);
  }

  private static TapsSettings latent(String kind) {
    return settings(kind).objective().latent().orElseThrow();
  }

  private static RunSettings settings(String kind, String... changes) {
    String[] all = new String[changes.length + 1];
    all[0] = "objective.kind=" + kind;
    System.arraycopy(changes, 0, all, 1, changes.length);
    return SampleRun.settings(all);
  }

  private static NormBall ball(double eps) {
    return new NormBall(new LInf(), eps, true);
  }
}
