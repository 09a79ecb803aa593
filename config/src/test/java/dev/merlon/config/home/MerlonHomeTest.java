package dev.merlon.config.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.home.MerlonHome.Basis;
import dev.merlon.config.home.MerlonHome.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MerlonHomeTest {
  @TempDir private Path folder;
  private Path home;
  private Path temporary;

  @BeforeEach
  void makeFolders() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    temporary = Files.createDirectory(folder.resolve("temporary"));
  }

  @Test
  void of_merlonHome_isThatFolderWhateverElseThereIs() {
    Path named = folder.resolve("with space/ümläut");

    MerlonHome chosen =
        in(Map.of("MERLON_HOME", named.toString(), "HOME", home.toString()), "/root");

    assertThat(chosen).isEqualTo(new MerlonHome(named, Basis.NAMED));
    assertThat(chosen.note()).isEmpty();
    assertThat(chosen.logs()).isEqualTo(named.resolve("log"));
    assertThat(named).doesNotExist();
  }

  @Test
  void of_homeVariable_comesBeforeWhatTheJvmKnows() {
    assertThat(in(Map.of("HOME", home.toString()), folder.resolve("other").toString()))
        .isEqualTo(new MerlonHome(home.resolve(".merlon"), Basis.USER));
    assertThat(in(Map.of("HOME", home.toString()), "?"))
        .isEqualTo(new MerlonHome(home.resolve(".merlon"), Basis.USER));
  }

  @Test
  void of_noVariables_isTheHomeThatTheJvmKnows() {
    assertThat(in(Map.of("MERLON_HOME", "", "HOME", ""), home.toString()))
        .isEqualTo(new MerlonHome(home.resolve(".merlon"), Basis.USER));
  }

  @Test
  void of_userWithoutHome_isAPrivateFolderAndNoneOfTheCurrentDirectory() throws IOException {
    for (String unknown : new String[] {"?", "", "relative"}) {
      MerlonHome chosen = in(Map.of(), unknown);

      assertThat(chosen)
          .isEqualTo(new MerlonHome(temporary.toRealPath().resolve("merlon-7"), Basis.TEMPORARY));
      assertThat(chosen.note()).hasValueSatisfying(note -> assertThat(note).contains("merlon-7"));
      assertThat(Files.getPosixFilePermissions(chosen.folder())).hasSize(3);
    }
    assertThat(Path.of("?")).doesNotExist();
  }

  @Test
  void of_homeThatIsNotThere_isTheTemporaryFolder() {
    assertThat(in(Map.of("HOME", folder.resolve("nonexistent").toString()), "?").basis())
        .isEqualTo(Basis.TEMPORARY);
  }

  @Test
  void of_fileInThePlace_isTheTemporaryFolder() throws IOException {
    Files.createFile(home.resolve(".merlon"));

    assertThat(in(Map.of("HOME", home.toString()), "?").basis()).isEqualTo(Basis.TEMPORARY);
  }

  @Test
  void of_strangersLinkInTheTemporaryFolder_isRefused() throws IOException {
    Files.createSymbolicLink(temporary.resolve("merlon-7"), home);

    assertThatThrownBy(() -> in(Map.of(), "?"))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("merlon-7: it is a link");
  }

  private MerlonHome in(Map<String, String> environment, String userHome) {
    return MerlonHome.of(new Surroundings(environment, userHome, temporary, "7"));
  }
}
