package dev.merlon.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.objective.NaturalObjective;
import dev.merlon.config.objective.ObjectiveSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunSettingsTest {

  @Test
  void render_everyPreset_parsesBackToEqual() {
    for (var preset : Presets.list()) {
      assertParsesBack(Settings.load(preset.name(), List.of("seed=-5")));
    }
  }

  @Test
  void render_everyObjective_parsesBackToEqual() {
    for (String kind : ObjectiveSettings.KINDS) {
      assertParsesBack(
          Settings.load(
              "demo", List.of("objective.kind=" + kind, "schedule.eps-train=8/255", "seed=-5")));
    }
  }

  @Test
  void startingFrom_digest_isPartOfTheRunAndNamesItsNetwork() {
    var drawn = Presets.load("demo");
    var started = drawn.startingFrom("0123456789abcdef".repeat(4));

    assertParsesBack(started);
    assertThat(started.digest()).isNotEqualTo(drawn.digest());
    assertThat(started.with(new NaturalObjective()).startModel()).isEqualTo(started.startModel());
    assertThat(drawn.networkName()).isEqualTo("cnn3");
    assertThat(started.networkName()).isEqualTo("the network of start.onnx");
  }

  private static void assertParsesBack(RunSettings settings) {
    var again = Settings.parse(settings.render(), "rendered", List.of());
    assertThat(again).isEqualTo(settings);
    assertThat(again.render()).isEqualTo(settings.render());
    assertThat(again.digest()).isEqualTo(settings.digest());
  }

  @Test
  void render_remarks_areNoPartOfIt() {
    assertThat(Presets.load("demo").render())
        .doesNotContain("description")
        .startsWith("name = \"demo\"\nseed = 0\n");
  }

  @Test
  void render_smallDocument_isCanonical() {
    var settings = Settings.parse("objective.kind = natural", "text", List.of());
    assertThat(settings.render())
        .contains("objective {\n  kind = \"natural\"\n}\nschedule {\n  norm = \"linf\"\n")
        .contains("  decay-epochs = [14, 18]\n")
        .contains("  every = 60 s\n")
        .doesNotContain("subselection-ratio");
  }

  @Test
  void digest_equalSettingsWrittenDifferently_isEqual() {
    var one =
        Settings.parse(
            "optimizer { learning-rate = 0.0010, l1=1e-5 }, schedule.eps-test = 1/10",
            "one",
            List.of());
    var other =
        Settings.parse(
            "schedule { eps-test = 1/10 }, optimizer.l1 = 0.00001",
            "other",
            List.of("optimizer.learning-rate=1/1000"));
    assertThat(one.digest()).isEqualTo(other.digest()).matches("[0-9a-f]{64}");
  }

  // The document keeps a radius as somebody wrote it; settings with equal radii are equal.
  @Test
  void equals_radiiWrittenDifferently_areEqual() {
    var one = Settings.parse("schedule.eps-train = 0.50", "one", List.of());
    var other = Settings.parse("schedule.eps-train = 1/2", "other", List.of());
    assertThat(one).isEqualTo(other);
    assertThat(other.render()).contains("eps-train = 1/2\n");
  }

  @Test
  void digest_anyChangedValue_changes() {
    String original = Presets.load("demo").digest();
    for (String change : List.of("seed=1", "optimizer.l1=1e-7", "checkpoint.keep=3")) {
      assertThat(Settings.load("demo", List.of(change)).digest()).isNotEqualTo(original);
    }
  }
}
