package dev.merlon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigResolveOptions;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.config.data.AugmentSettings;
import dev.merlon.config.data.DataKind;
import dev.merlon.config.data.PaddingMode;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.BatchNormSettings;
import dev.merlon.config.network.ImageForm;
import dev.merlon.config.network.Initialisation;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.config.network.NetworkSettings;
import dev.merlon.config.objective.CrownObjective;
import dev.merlon.config.objective.CureObjective;
import dev.merlon.config.objective.ExpressiveObjective;
import dev.merlon.config.objective.RegionBounds;
import dev.merlon.config.objective.RegionForm;
import dev.merlon.config.objective.SabrObjective;
import dev.merlon.config.objective.SmallBoxSettings;
import dev.merlon.config.objective.TapsObjective;
import dev.merlon.config.objective.TapsSettings;
import dev.merlon.config.objective.WeightSchedule;
import dev.merlon.config.training.LearningRateSettings;
import dev.merlon.config.training.OptimizerSettings;
import dev.merlon.config.training.RampKind;
import dev.merlon.config.training.RegulariserSettings;
import dev.merlon.config.training.ScheduleSettings;
import dev.merlon.config.value.Radius;
import dev.merlon.config.value.ThreatSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetsTest {

  @Test
  void list_everyPreset_loadsUnderItsNameAndNamesItsSource() {
    for (var preset : Presets.list()) {
      assertThat(preset.description()).isNotBlank();
      assertThat(preset.source()).isNotBlank();
      assertThat(Presets.load(preset.name()).name()).isEqualTo(preset.name());
    }
  }

  @Test
  void list_index_namesEveryFileOfTheFolder() throws Exception {
    var index = PresetsTest.class.getClassLoader().getResource("presets/index");
    Path folder = Path.of(index.toURI()).getParent();
    try (var files = Files.list(folder)) {
      var names =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".conf"))
              .map(file -> file.replace(".conf", ""))
              .filter(file -> !file.equals("papers"))
              .collect(Collectors.toSet());
      assertThat(Presets.files()).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  private static final List<String> SINGLE =
      List.of(
          "natural",
          "pgd",
          "ibp",
          "gowal-ibp",
          "crown-ibp",
          "sabr",
          "taps",
          "staps",
          "mtl-ibp",
          "cc-ibp",
          "exp-ibp");
  private static final List<String> SEVERAL =
      List.of("cure-joint", "cure-max", "cure-random", "cure-scratch", "cure-finetune");
  private static final List<String> PAIRS =
      List.of("mnist 0.1", "mnist 0.3", "cifar10 2", "cifar10 8", "tinyimagenet 1");

  @Test
  void list_everyRadiusOfThePapers_hasEveryMethodAndItsReducedPreset() {
    var names = Presets.list().stream().map(Presets.Preset::name).toList();
    for (String pair : PAIRS) {
      Stream.concat(SINGLE.stream(), SEVERAL.stream())
          .map(method -> name(method, pair))
          .forEach(name -> assertThat(names).contains(name, name + "-small"));
      assertThat(names).contains(name("crown", pair) + "-small");
    }
    for (String method : SINGLE) {
      assertThat(names).contains(name(method, "mnist 0.4"), name(method, "mnist 0.4") + "-small");
    }
    for (String l2 : List.of("mnist 0.5", "mnist 1.0", "cifar10 0.25", "cifar10 0.5")) {
      assertThat(names).contains(name("sabr-l2", l2), name("sabr-l2", l2) + "-small");
    }
  }

  private static String name(String method, String pair) {
    return pair.replace(" ", "-cnn7-" + method + "-");
  }

  @ParameterizedTest
  @CsvSource({
    // TAPS, appendix: rectifiers behind the split, weight, L1.
    "taps, mnist 0.1, 3, 5, 1e-6",
    "taps, mnist 0.3, 1, 5, 0",
    "taps, cifar10 2, 5, 5, 2e-6",
    "taps, cifar10 8, 1, 5, 2e-6",
    "taps, tinyimagenet 1, 1, 5, 0",
    "staps, mnist 0.1, 1, 5, 2e-5",
    "staps, mnist 0.3, 1, 5, 2e-6",
    "staps, cifar10 2, 1, 2, 2e-6",
    "staps, cifar10 8, 1, 5, 2e-6",
    "staps, tinyimagenet 1, 2, 5, 1e-6"
  })
  void load_taps_hasThePapersNumbersAndSearch(
      String method, String pair, int relus, double weight, double l1) {
    var run = Presets.load(name(method, pair));
    TapsSettings taps = ((TapsObjective) run.objective()).taps();
    assertThat(taps.relus()).isEqualTo(relus);
    assertThat(taps.weight()).isEqualTo(weight);
    assertThat(taps.scale()).isEqualTo(TapsSettings.GradientScale.PAPER);
    assertThat(run.optimizer().l1()).isEqualTo(l1);
    AttackSettings latent = taps.attack();
    assertThat(List.of(latent.steps(), latent.restarts())).containsExactly(10, 3);
    assertThat(latent.stepSize()).isEqualTo(0.2);
    assertThat(latent.decay()).isEqualTo(new StepDecay(0.2, 0, List.of(0.7)));
  }

  @ParameterizedTest
  @CsvSource({
    "mnist 0.1, l2:0.5, linf, 0.4, 1, 70, 0, 20, 7",
    "mnist 0.3, l2:1.0, l2, 0.6, 1, 70, 0, 20, 7",
    "cifar10 2, l2:0.25, linf, 0.1, 0.8, 160, 1, 81, 16",
    "cifar10 8, l2:0.5, linf, 0.7, 1, 180, 1, 81, 18",
    "tinyimagenet 1, l2:36/255, linf, 0.4, 1, 180, 1, 81, 18"
  })
  void load_cure_hasThePapersRadiiBoxesAttacksAndSchedule(
      String pair,
      String second,
      String lower,
      double lambda,
      double shrinkage,
      int epochs,
      double start,
      double end,
      int tuning) {
    for (String method : SEVERAL) {
      var run = Presets.load(name(method, pair));
      CureObjective cure = (CureObjective) run.objective();
      assertThat(cure.threats().get(1)).isEqualTo(ThreatSpec.parse(second));
      SmallBoxSettings linf = cure.boxes().get(0);
      assertThat(linf.subselectionRatio()).isEqualTo(lambda);
      assertThat(linf.reluShrinkage()).isEqualTo(shrinkage);
      assertThat(linf.attack().decay()).isEqualTo(new StepDecay(0.1, 0, List.of(0.5, 0.8, 0.9)));
      SmallBoxSettings l2 = cure.boxes().get(1);
      assertThat(l2.region()).isEqualTo(RegionForm.PAPER);
      assertThat(l2.subselectionRatio()).isEqualTo(1e-5);
      assertThat(l2.reluShrinkage()).isEqualTo(1);
      assertEqualStepsThatCrossTheBall(l2.attack());
      cure.alignment().ifPresent(aligned -> assertThat(aligned.lower()).isEqualTo(lower));
      boolean tunes = method.equals("cure-finetune");
      assertThat(run.epochs()).isEqualTo(tunes ? tuning : epochs);
      assertThat(run.schedule().startEpoch()).isEqualTo(tunes ? 0 : start);
      assertThat(run.schedule().endEpoch()).isEqualTo(tunes ? 0 : end);
    }
  }

  @Test
  void load_everyAttackInABallThatIsNoBox_takesEqualStepsThatCrossIt() {
    for (var preset : Presets.list()) {
      var objective = Presets.load(preset.name()).objective();
      Stream.of(objective)
          .filter(CureObjective.class::isInstance)
          .flatMap(cure -> ((CureObjective) cure).boxes().stream().skip(1))
          .filter(box -> box.subselectionRatio() < 1)
          .forEach(box -> assertEqualStepsThatCrossTheBall(box.attack()));
    }
  }

  // torchattacks' search: alpha is 2.5 radii over the number of steps.
  private static void assertEqualStepsThatCrossTheBall(AttackSettings attack) {
    assertThat(attack.steps() * attack.stepSize()).isEqualTo(2.5);
    assertThat(attack.decay()).isEqualTo(new StepDecay(1, 0, List.of()));
  }

  @Test
  void load_ctbenchsRows_haveItsSchedulesAndRadii() {
    for (String method : List.of("crown-ibp", "mtl-ibp", "cc-ibp", "exp-ibp")) {
      var mnist = Presets.load(name(method, "mnist 0.1"));
      assertThat(mnist.schedule().epsTrain()).isEqualTo(Radius.of(0.2));
      assertThat(mnist.evaluation().threats()).containsExactly(new ThreatSpec("linf", 0.1));
      assertThat(mnist.objective().robustWeight()).isEqualTo(WeightSchedule.constant(0.7));
      assertSchedule(name(method, "cifar10 2"), 160, 81, 120, 140);
      assertSchedule(name(method, "cifar10 8"), 240, 121, 200, 220);
      assertSchedule(name(method, "tinyimagenet 1"), 160, 81, 120, 140);
    }
  }

  private static void assertSchedule(String name, int epochs, double end, int first, int second) {
    var run = Presets.load(name);
    assertThat(run.epochs()).as(name).isEqualTo(epochs);
    assertThat(run.schedule().endEpoch()).as(name).isEqualTo(end);
    assertThat(run.optimizer().learningRate().decayEpochs()).containsExactly(first, second);
  }

  @Test
  void load_reducedPreset_isASmallNetworkInFewEpochs() {
    for (var preset : Presets.list()) {
      if (preset.name().endsWith("-small")) {
        var run = Presets.load(preset.name());
        assertThat(run.network().name()).as(preset.name()).isEqualTo("cnn3");
        assertThat(run.epochs()).isEqualTo(preset.name().contains("finetune") ? 6 : 20);
      }
    }
  }

  @Test
  void load_unknownName_suggestsTheNearest() {
    assertThatThrownBy(() -> Presets.load("mnist-cnn3-ipb-0.1"))
        .isInstanceOfSatisfying(
            MerlonException.class,
            thrown -> {
              assertThat(thrown.getMessage()).contains("mnist-cnn3-ipb-0.1");
              assertThat(thrown.failure().remedy())
                  .contains("Did you mean mnist-cnn3-ibp-0.1?")
                  .contains("`merlon presets` lists them");
            });
  }

  @Test
  void load_anchors_haveThePublishedSchedule() {
    var expectedRadius =
        Map.of("mnist-cnn3-ibp-0.1", 0.1, "mnist-cnn3-ibp-0.3", 0.3, "mnist-cnn3-sabr-0.1", 0.1);
    expectedRadius.forEach(
        (name, radius) -> {
          var run = Presets.load(name);
          assertThat(run.epochs()).isEqualTo(20);
          assertThat(run.batchSize()).isEqualTo(256);
          assertThat(run.network())
              .isEqualTo(
                  new NetworkSettings(
                      NetworkPreset.CNN3, 16, true, List.of(0.1307), List.of(0.3081)));
          assertThat(run.initialisation()).isEqualTo(Initialisation.IBP);
          assertThat(run.schedule()).isEqualTo(schedule(radius, 0, 6));
          assertThat(run.optimizer())
              .isEqualTo(
                  new OptimizerSettings(
                      LearningRateSettings.steps(5e-4, List.of(14, 18), 0.2),
                      0.9,
                      0.999,
                      1e-8,
                      10,
                      2e-6,
                      1));
          assertThat(run.batchNorm()).isEqualTo(new BatchNormSettings(0.1, true, ImageForm.CLEAN));
          assertThat(run.regulariser()).isEqualTo(new RegulariserSettings(0.5, 0.5, true, true));
          assertThat(run.objective().robustWeight()).isEqualTo(WeightSchedule.constant(1));
          assertThat(run.evaluation().threats()).containsExactly(new ThreatSpec("linf", radius));
          assertThat(run.evaluation().rungs()).containsExactly("ibp", "crown-ibp");
        });
  }

  @Test
  void load_sabrAnchor_attacksAsCtbench() {
    var attack =
        new AttackSettings(
            8, 1, 0.2, new StepDecay(0.2, 10, List.of()), AttackStatistics.BATCH, true);
    assertThat(Presets.load("mnist-cnn3-sabr-0.1").objective())
        .isEqualTo(
            new SabrObjective(
                new SmallBoxSettings("linf", 0.4, RegionForm.DIMWISE, 1, RegionBounds.IBP, attack),
                WeightSchedule.constant(1)));
  }

  @Test
  void load_expressiveLosses_attackAsCtbenchsScripts() {
    for (String method : List.of("mtl-ibp", "cc-ibp", "exp-ibp")) {
      AttackSettings weak = expressive("mnist-cnn7-" + method + "-0.3");
      assertThat(List.of(weak.steps(), weak.restarts())).containsExactly(1, 3);
      assertThat(weak.stepSize()).isEqualTo(2);
      AttackSettings strong = expressive("mnist-cnn7-" + method + "-0.1");
      assertThat(List.of(strong.steps(), strong.restarts())).containsExactly(10, 3);
      assertThat(strong.stepSize()).isEqualTo(0.25);
      // An hour of three starts is no reduced preset.
      AttackSettings reduced = expressive("mnist-cnn7-" + method + "-0.1-small");
      assertThat(List.of(reduced.steps(), reduced.restarts())).containsExactly(5, 1);
      assertThat(reduced.stepSize()).isEqualTo(0.5);
    }
  }

  private static AttackSettings expressive(String preset) {
    return ((ExpressiveObjective) Presets.load(preset).objective()).attack();
  }

  @Test
  void load_sabrOnCifar10_shrinksRectifiersAtTheSmallRadiusOnly() {
    assertThat(shrinkage("cifar10-cnn7-sabr-2")).isEqualTo(0.8);
    assertThat(shrinkage("cifar10-cnn7-sabr-8")).isEqualTo(1);
    assertThat(shrinkage("mnist-cnn3-sabr-0.1")).isEqualTo(1);
  }

  private static double shrinkage(String preset) {
    return ((SabrObjective) Presets.load(preset).objective()).box().reluShrinkage();
  }

  @Test
  void load_tinyImageNet_isCroppedAndNormalisedAsInThePapers() {
    for (String name : List.of("tinyimagenet-cnn7-ibp-1", "tinyimagenet-cnn7-sabr-1")) {
      var run = Presets.load(name);
      assertThat(run.data().kind()).isEqualTo(DataKind.TINYIMAGENET);
      assertThat(run.data().crop()).isEqualTo(56);
      assertThat(run.data().augment())
          .isEqualTo(new AugmentSettings(true, true, 0, PaddingMode.EDGE));
      assertThat(run.network().mean()).containsExactly(0.4802, 0.4481, 0.3975);
      assertThat(run.network().std()).containsExactly(0.2302, 0.2265, 0.2262);
      assertThat(run.epochs()).isEqualTo(80);
      assertThat(run.schedule()).isEqualTo(schedule(1 / 255.0, 1, 21));
      assertThat(run.optimizer().learningRate().decayEpochs()).containsExactly(60, 70);
      assertThat(run.regulariser().weight()).isEqualTo(0.2);
    }
  }

  @Test
  void load_cifar10_isTrainedAsTheFieldDoes() {
    for (var preset : Presets.list()) {
      if (preset.name().startsWith("cifar10-")) {
        var run = Presets.load(preset.name());
        assertThat(run.batchSize()).isEqualTo(run.objective() instanceof CrownObjective ? 16 : 128);
        assertThat(run.data().kind()).isEqualTo(DataKind.CIFAR10);
        assertThat(run.data().augment())
            .isEqualTo(new AugmentSettings(true, true, 2, PaddingMode.EDGE));
        assertThat(run.network().mean()).containsExactly(0.4914, 0.4822, 0.4465);
        assertThat(run.network().std()).containsExactly(0.2023, 0.1994, 0.2010);
        assertThat(run.optimizer().gradientClip()).isEqualTo(10);
        assertThat(run.batchNorm().precise()).isEqualTo(!preset.name().contains("gowal"));
      }
    }
  }

  @Test
  void load_cifar10AtBothRadii_hasCtbenchsSchedules() {
    var small = Presets.load("cifar10-cnn7-ibp-2");
    assertThat(small.epochs()).isEqualTo(160);
    assertThat(small.schedule()).isEqualTo(schedule(2 / 255.0, 1, 81));
    assertThat(small.objective().robustWeight()).isEqualTo(WeightSchedule.constant(0.8));
    for (String name : List.of("pgd", "ibp", "sabr")) {
      var large = Presets.load("cifar10-cnn7-" + name + "-8");
      assertThat(large.epochs()).isEqualTo(240);
      assertThat(large.schedule()).isEqualTo(schedule(8 / 255.0, 1, 121));
      assertThat(large.optimizer().learningRate().decayEpochs()).containsExactly(200, 220);
    }
  }

  @Test
  void load_demo_isUnionMinded() {
    assertThat(Presets.load("demo").evaluation().threats())
        .containsExactly(new ThreatSpec("linf", 0.1), new ThreatSpec("l2", 0.3));
  }

  @Test
  void reference_everyKey_isExplainedByAComment() throws IOException {
    var reference = Settings.resource(Settings.REFERENCE).resolve(ConfigResolveOptions.noSystem());
    var unexplained =
        reference.entrySet().stream()
            .map(Map.Entry::getKey)
            .filter(key -> !key.startsWith("evaluation.attack."))
            .filter(key -> !key.matches("optimizer.(beta2|decay-factor)|network.std"))
            .filter(key -> !key.matches("objective.robust-weight.*|schedule.end-epoch"))
            .filter(key -> reference.getValue(key).origin().comments().isEmpty())
            .toList();
    assertThat(unexplained).isEmpty();
  }

  private static ScheduleSettings schedule(double eps, double start, double end) {
    Radius radius = Radius.of(eps);
    return new ScheduleSettings("linf", radius, radius, RampKind.SMOOTH, start, end, 0);
  }
}
