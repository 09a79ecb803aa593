package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.Presets;
import dev.merlon.config.Settings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PresetsCommandTest {
  @TempDir private Path home;

  @Test
  void presets_noName_listsEachWithDescriptionAndSource() {
    CapturedRun run = CapturedRun.of(home, "presets");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    String text = run.out().replaceAll("\\s+", " ");
    assertThat(Presets.list())
        .isNotEmpty()
        .allSatisfy(
            preset ->
                assertThat(text)
                    .contains(preset.name() + " " + preset.description())
                    .contains("Source: " + preset.source()));
  }

  @Test
  void presets_name_printsAFileThatResolvesToThePreset() {
    CapturedRun run = CapturedRun.of(home, "presets", "demo");

    assertThat(run.code()).isZero();
    assertThat(Settings.parse(run.out(), "printed", List.of()).digest())
        .isEqualTo(Presets.load("demo").digest());
  }

  @Test
  void presets_unknownName_suggestsANameAndExits2() {
    CapturedRun run = CapturedRun.of(home, "presets", "demmo");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.onlyErrorLine().orElseThrow())
        .startsWith("merlon presets: Unknown preset 'demmo'. Did you mean demo?");
  }

  @Test
  void presets_filter_listsThoseWithEveryText() {
    CapturedRun run = CapturedRun.of(home, "presets", "--filter", "mnist, 0.3,TAPS");

    assertThat(run.code()).isZero();
    List<String> expected =
        Presets.list().stream()
            .map(Presets.Preset::name)
            .filter(name -> name.contains("mnist"))
            .filter(name -> name.contains("0.3"))
            .filter(name -> name.contains("taps"))
            .toList();
    assertThat(expected).contains("mnist-cnn7-taps-0.3", "mnist-cnn7-staps-0.3-small");
    assertThat(run.out().lines().filter(line -> !line.startsWith(" ")))
        .extracting(line -> line.split(" ", -1)[0])
        .isEqualTo(expected);
  }

  @Test
  void presets_filterWithoutMatch_saysSoAndExits2() {
    CapturedRun run = CapturedRun.of(home, "presets", "--filter", "mnist,0.35");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.onlyErrorLine().orElseThrow()).contains("No preset", "mnist and 0.35");
  }

  @Test
  void presets_partOfNames_pointsToTheFilter() {
    CapturedRun run = CapturedRun.of(home, "presets", "mnist-cnn7");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("`merlon presets --filter mnist-cnn7`");
  }

  @Test
  void presets_nameAndFilter_exits2() {
    CapturedRun run = CapturedRun.of(home, "presets", "demo", "--filter", "mnist");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.onlyErrorLine().orElseThrow()).contains("--filter", "demo");
  }
}
