package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.RunSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {
  private static final RunSettings SETTINGS = TinyRun.settings();
  @TempDir private Path parent;
  private Path directory;

  @BeforeEach
  void nameDirectory() {
    directory = parent.resolve("runs/tiny");
  }

  @Test
  void open_newDirectory_makesItAndKeepsTheSettings() throws IOException {
    try (RunFiles files = RunFiles.open(directory, SETTINGS, Optional.empty(), false)) {
      assertThat(files.settings()).isEqualTo(SETTINGS.render());
      assertThat(files.directory().models()).isDirectory();
    }
  }

  @Test
  void open_directoryWithALogOnly_isNoRun() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("merlon.log"), "hello");

    RunFiles.open(directory, SETTINGS, Optional.empty(), false).close();
  }

  @Test
  void open_resumed_keepsTheSettingsOfItsBeginning() throws IOException {
    RunFiles.open(directory, SETTINGS, Optional.empty(), false).close();

    try (RunFiles files =
        RunFiles.open(directory, TinyRun.settings("seed=9"), Optional.empty(), true)) {
      assertThat(files.settings()).isEqualTo(SETTINGS.render());
    }
  }

  @Test
  void open_whileOpen_isRefused() {
    try (RunFiles files = RunFiles.open(directory, SETTINGS, Optional.empty(), false)) {
      assertThatThrownBy(() -> RunFiles.open(directory, SETTINGS, Optional.empty(), true))
          .hasMessageContaining("Another run works in");
    }
    RunFiles.open(directory, SETTINGS, Optional.empty(), true).close();
  }

  @Test
  void open_leftOversOfAKilledProcess_areRemoved() throws IOException {
    RunFiles.open(directory, SETTINGS, Optional.empty(), false).close();
    Path half = directory.resolve("models/epoch-001.onnx.part");
    Files.write(half, new byte[10]);

    RunFiles.open(directory, SETTINGS, Optional.empty(), true).close();

    assertThat(half).doesNotExist();
  }

  @Test
  void open_pathIsAFile_isRefused() throws IOException {
    Files.createDirectories(parent.resolve("runs"));
    Files.writeString(directory, "in the way");

    assertThatThrownBy(() -> RunFiles.open(directory, SETTINGS, Optional.empty(), false))
        .hasMessageContaining("cannot be used");
  }
}
