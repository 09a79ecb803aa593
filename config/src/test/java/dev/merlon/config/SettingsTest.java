package dev.merlon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.evaluation.SelectionMetric;
import dev.merlon.config.evaluation.SelectionSettings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.objective.CureObjective;
import dev.merlon.config.objective.RegionBounds;
import dev.merlon.config.objective.SabrObjective;
import dev.merlon.config.objective.TapsObjective;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.ThreatSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static final String SABR = "mnist-cnn3-sabr-0.1";

  private static RunSettings with(String... overrides) {
    return Settings.load(SABR, List.of(overrides));
  }

  @Test
  void load_overrides_winOverPreset() {
    var settings =
        with(
            "seed=7",
            "schedule.eps-train = 8/255",
            "optimizer.decay-epochs=[3, 5]",
            "evaluation.threats=linf:0.1,l2:0.5",
            "evaluation.rungs=[\"ibp\", \"crown\"]",
            "checkpoint.every=90 s",
            "device.precision=float64",
            "optimizer.l1=0");
    assertThat(settings.seed()).isEqualTo(7);
    assertThat(settings.schedule().epsTrain().value()).isEqualTo(8.0 / 255);
    assertThat(settings.optimizer().learningRate().decayEpochs()).containsExactly(3, 5);
    assertThat(settings.evaluation().threats())
        .containsExactly(new ThreatSpec("linf", 0.1), new ThreatSpec("l2", 0.5));
    assertThat(settings.evaluation().rungs()).containsExactly("ibp", "crown");
    assertThat(settings.checkpoint().every()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.device().precision()).isEqualTo(Precision.FLOAT64);
    assertThat(settings.optimizer().l1()).isZero();
  }

  @Test
  void load_emptyListOverride_clearsTheList() {
    var settings = with("network.mean=[]", "network.std=");
    assertThat(settings.network().mean()).isEmpty();
    assertThat(settings.network().std()).isEmpty();
  }

  @Test
  void load_epsTrainChanged_testRadiusAndThreatFollow() {
    var settings = with("schedule.eps-train=0.2");
    assertThat(settings.schedule().epsTest().value()).isEqualTo(0.2);
    assertThat(settings.evaluation().threats()).containsExactly(new ThreatSpec("linf", 0.2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optimiser.learning-rate=1 | Did you mean optimizer.learning-rate?",
        "learning-rate=1           | Did you mean optimizer.learning-rate?",
        "schedule.eps_train=0.1    | Did you mean schedule.eps-train?",
        "optimizer=1               | is a section",
        "schedule=1                | is a section",
        "optimizer.lr=1            | Did you mean optimizer.learning-rate?",
        "quux=1                    | docs/configuration.md"
      })
  void load_unknownKey_isRefusedWithAdvice(String override, String advice) {
    String key = override.substring(0, override.indexOf('='));
    assertThatThrownBy(() -> with(override))
        .isInstanceOfSatisfying(
            MerlonException.class,
            thrown -> {
              assertThat(thrown.failure()).isInstanceOf(Failure.Configuration.class);
              assertThat(thrown.failure().message()).startsWith("Unknown key " + key);
              assertThat(thrown.failure().remedy()).contains(advice);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epochs=0                        | must lie between 1 and",
        "epochs=1.5                      | whole number",
        "batch-size=-1                   | must lie between",
        "seed=abc                        | whole number",
        "name=a b                        | must be letters",
        "schedule.eps-train=-0.1         | must lie between 0",
        "schedule.eps-train=8            | write 8/255",
        "schedule.eps-train=NaN          | must be a number",
        "schedule.eps-train=0            | must be above 0 for objective sabr",
        "schedule.norm=linv              | did you mean linf?",
        "schedule.ramp=smoth             | did you mean smooth?",
        "schedule.end-epoch=21           | at most epochs",
        "schedule.start-epoch=7          | must be at least 7",
        "schedule.natural-epochs=1       | must lie between",
        "objective.kind=sabrr            | did you mean sabr?",
        "objective.subselection-ratio=0  | must be above 0",
        "objective.subselection-ratio=2  | must lie between",
        "objective.attack.steps=0        | must lie between",
        "selection.metric=taps           | objective sabr searches no latent points",
        "objective.attack.step-size=0    | must be above 0",
        "objective.attack.decay.factor=0 | must be above 0",
        "objective.attack.clamp-start=no | true or false",
        "objective.robust-weight.end=1.1 | must lie between",
        "optimizer.learning-rate=-1      | must be above 0",
        "optimizer.beta2=1               | must lie between",
        "optimizer.decay-epochs=5,3      | must ascend",
        "optimizer.gradient-clip=-1      | must be at least 0",
        "batch-norm.momentum=0           | must be above 0",
        "regulariser.tolerance=0         | must be above 0",
        "network.width=0                 | must lie between",
        "network.std=[]                  | must be as many",
        "network.preset=cnn              | did you mean",
        "data.train-limit=-1             | must be at least 0",
        "evaluation.threats=linf:0       | must be above 0",
        "evaluation.threats=l2:1,l2:1    | twice",
        "evaluation.rungs=ibp,crwn       | did you mean crown?",
        "pipeline.staleness=1            | only 0 is supported",
        "pipeline.ask-timeout=soon       | time with a unit",
        "device.threads=-1               | must lie between",
        "device.kind=cuda                | cpu",
        "checkpoint.keep=0               | must lie between",
        "export.opset=-1                 | must be at least 0"
      })
  void load_valueOutOfRange_isOneLineThatNamesKeyAndRule(String override, String rule) {
    String key = override.substring(0, override.indexOf('='));
    assertThatThrownBy(() -> with(override))
        .isInstanceOfSatisfying(
            MerlonException.class,
            thrown -> {
              assertThat(thrown.failure()).isInstanceOf(Failure.Configuration.class);
              assertThat(thrown.getMessage()).contains(rule).doesNotContain("\n");
              if (!override.startsWith("schedule.start-epoch")) {
                assertThat(thrown.getMessage()).startsWith(key + " ").contains(override);
              }
            });
  }

  @Test
  void load_tapsAccuracyForAnotherNorm_isRefused() {
    assertThat(with("objective.kind=staps", "selection.metric=taps").selection().metric())
        .isEqualTo(SelectionMetric.TAPS);
    assertThatThrownBy(
            () ->
                with(
                    "objective.kind=taps",
                    "selection.metric=taps",
                    "evaluation.threats=linf:0.1,l2:0.3"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("selection.metric is taps but evaluation.threats has other norms");
  }

  @Test
  void load_selectionThreat_isOneOfTheEvaluation() {
    String threats = "evaluation.threats=linf:0.1,l2:0.3";
    SelectionSettings chosen =
        with(threats, "selection.metric=certified", "selection.threat=l2:0.3").selection();
    assertThat(chosen.threat()).hasValue(ThreatSpec.parse("l2:0.3"));
    assertThat(chosen.scoreName()).isEqualTo("certified accuracy against l2:0.3");
    RunSettings all = with(threats, "selection.metric=certified");
    assertThat(all.selection().threats(all.evaluation())).isEqualTo(all.evaluation().threats());
    assertThat(all.render()).doesNotContain("threat = ");
    for (String other : List.of("l2:0.5", "linf:0.3")) {
      assertThatThrownBy(
              () -> with(threats, "selection.metric=certified", "selection.threat=" + other))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining(
              "selection.threat is "
                  + other
                  + ": must be all or one of evaluation.threats,"
                  + " linf:0.1, l2:0.3");
    }
    assertThatThrownBy(() -> with(threats, "selection.metric=natural", "selection.threat=l2:0.3"))
        .hasMessageContaining("selection.threat is set but metric is natural");
    assertThat(
            with(
                    threats,
                    "objective.kind=taps",
                    "selection.metric=taps",
                    "selection.threat=linf:0.1")
                .selection()
                .threat())
        .isPresent();
  }

  @Test
  void render_selectionThreat_isReadBack() {
    RunSettings settings =
        with(
            "evaluation.threats=linf:0.1,l2:0.3",
            "selection.metric=certified",
            "selection.threat=l2:0.3");

    assertThat(Settings.parse(settings.render(), "run.conf", List.of())).isEqualTo(settings);
  }

  @ParameterizedTest
  @CsvSource({"seed", "=3", "a..b=3"})
  void load_malformedOverride_isRefused(String override) {
    assertThatThrownBy(() -> with(override))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("Override '" + override + "'");
  }

  @Test
  void load_overrideThatObjectiveIgnores_isRefused() {
    assertThatThrownBy(
            () -> Settings.load("mnist-cnn3-ibp-0.1", List.of("objective.attack.steps=3")))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("objective.attack.steps has no effect: objective ibp");
  }

  @Test
  void load_overrideThatOtherKeysReferTo_hasAnEffectThroughThem() {
    List<String> overrides = List.of("objective.kind=cure-max", "objective.attack.steps=3");
    var cure = (CureObjective) Settings.load("mnist-cnn3-ibp-0.1", overrides).objective();
    assertThat(cure.boxes()).allSatisfy(box -> assertThat(box.attack().steps()).isEqualTo(3));
  }

  @Test
  void load_attackInAnotherNormThanTheRadii_isRefused() {
    assertThatThrownBy(() -> with("objective.norm=l2", "objective.region=paper"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("objective.norm is l2: must be schedule.norm, linf");
  }

  @Test
  void load_smallBoxInABallThatIsNoBox_hasToBeThePapersOrTheBall() {
    assertThatThrownBy(() -> with("schedule.norm=l2"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("objective.region is dimwise: must be paper or ball for l2");
    for (String form : List.of("paper", "ball")) {
      assertThat(with("schedule.norm=l2", "objective.region=" + form).objective().attackedNorm())
          .contains("l2");
    }
  }

  @Test
  void load_backwardBoundsOfASmallRegion_needWholeRectifiersAndNoLatentBox() {
    String backward = "objective.bounds=crown-ibp";
    assertThat(((SabrObjective) with(backward).objective()).box().bounds())
        .isEqualTo(RegionBounds.CROWN_IBP);
    assertThatThrownBy(() -> with(backward, "objective.relu-shrinkage=0.8"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining(
            "objective.bounds is crown-ibp: must be ibp where relu-shrinkage is below 1");
    assertThatThrownBy(() -> with(backward, "objective.kind=staps"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("objective.bounds is crown-ibp: must be ibp for staps");
  }

  @Test
  void load_latentWeight_mayBeInfiniteInThePapersScale() {
    String infinite = "objective.taps.weight=infinity";
    String paper = "objective.taps.gradient-scale=paper";
    var run = with("objective.kind=taps", infinite, paper);
    assertThat(((TapsObjective) run.objective()).taps().weight()).isInfinite();
    assertThat(Settings.parse(run.render(), "run.conf", List.of()).objective())
        .isEqualTo(run.objective());
    assertThatThrownBy(() -> with("objective.kind=taps", infinite))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("objective.taps.weight is infinity: must be a number");
  }

  @Test
  void load_file_takesNameAndDefaultsAndNamesLinesInErrors(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("my run.conf");
    Files.writeString(file, "include classpath(\"presets/mnist-cnn3-ibp-0.3.conf\")\nepochs = 8\n");
    var settings = Settings.load(file.toString(), List.of());
    assertThat(settings.name()).isEqualTo("my-run");
    assertThat(settings.epochs()).isEqualTo(8);
    assertThat(settings.schedule().epsTrain().value()).isEqualTo(0.3);

    Files.writeString(file, "\n\nepochs = -3\n");
    assertThatThrownBy(() -> Settings.load(file.toString(), List.of()))
        .isInstanceOf(MerlonException.class)
        .hasMessageStartingWith("epochs is -3")
        .hasMessageContaining("my run.conf: 3");
  }

  @Test
  void load_fileThatIncludesAPresetOfTheTables_hasItsSettings(@TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("mine.conf");
    String name = "mnist-cnn7-taps-0.1-small";
    Files.writeString(file, "include classpath(\"presets/" + name + ".conf\")\nepochs = 18\n");
    var settings = Settings.load(file.toString(), List.of());
    assertThat(settings.epochs()).isEqualTo(18);
    assertThat(settings.objective()).isEqualTo(Presets.load(name).objective());

    Path next = folder.resolve("next.conf");
    Files.writeString(next, "include \"mine.conf\"\nseed = 7\n");
    assertThat(Settings.load(next.toString(), List.of()).objective())
        .isEqualTo(settings.objective());
  }

  @Test
  void load_includeOfNothing_isRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.conf");
    for (String missing :
        List.of("classpath(\"presets/nope.conf\")", "\"nope.conf\"", "file(\"/nope.conf\")")) {
      Files.writeString(file, "include " + missing + "\n");
      assertThatThrownBy(() -> Settings.load(file.toString(), List.of()))
          .as(missing)
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("nope");
    }
  }

  @Test
  void load_missingOrBrokenFile_isRefused(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> Settings.load(folder.resolve("no.conf").toString(), List.of()))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("does not exist");
    Path broken = folder.resolve("broken.conf");
    Files.writeString(broken, "epochs = {\n");
    assertThatThrownBy(() -> Settings.load(broken.toString(), List.of()))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("broken.conf");
  }

  @Test
  void load_environmentVariable_hasNoInfluence(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("environment.conf");
    Files.writeString(file, "name = ${PATH}\n");
    assertThatThrownBy(() -> Settings.load(file.toString(), List.of()))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("PATH");
  }

  @Test
  void load_mistakeThatDefaultsRunInto_citesNoFileOfTheProgram(@TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("mine.conf"), "schedule = ${seed}");

    assertThatThrownBy(() -> Settings.load(file.toString(), List.of()))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("the defaults")
        .hasMessageNotContaining("reference.conf")
        .hasMessageNotContaining("file:");
    assertThatThrownBy(() -> Settings.load("demo", List.of("epochs=1")))
        .hasMessageContaining("(the preset)")
        .hasMessageNotContaining(".conf");
    assertThat(
            SettingsReader.withoutClassPath(
                "presets/shared/a.conf @ jar:file:/lib/m.jar!/presets/shared/a.conf: 17"))
        .isEqualTo("the preset");
  }

  @Test
  void load_includeOfAPresetThatThereIsNot_namesIt(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(folder.resolve("mine.conf"), "include classpath(\"presets/demmo.conf\")");

    assertThatThrownBy(() -> Settings.load(file.toString(), List.of()))
        .hasMessageContaining("Unknown preset 'demmo'");
  }
}
