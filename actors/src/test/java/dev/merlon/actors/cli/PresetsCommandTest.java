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
}
