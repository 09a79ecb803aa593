package dev.merlon.model.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.runtime.RuntimeCheck;
import dev.merlon.model.sample.OwnProcess;
import dev.merlon.model.tensor.EngineCheck;
import dev.merlon.model.verify.exact.SolverCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFolderTest {
  @TempDir private Path folder;

  @Test
  void usable_privateFolder_isLeftAsItIs() {
    Path usable = NativeFolder.usable(folder.resolve("native"));

    assertThat(usable).isEmptyDirectory();
  }

  @Test
  void usable_folderThatEverybodyMayWrite_isRefused() throws IOException {
    Path open = Files.createDirectory(folder.resolve("native"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatThrownBy(() -> NativeFolder.usable(open))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("others may write there");
  }

  @Test
  void everyLibrary_processThatEndsAbruptly_leavesNothingInTheTemporaryFolder()
      throws IOException, InterruptedException {
    String output = OwnProcess.run(EveryLibrary.class, "-Djava.io.tmpdir=" + folder);

    assertThat(output).contains("loaded");
    assertThat(folder).isEmptyDirectory();
  }

  /** Loads everything native and ends without cleaning up. */
  static final class EveryLibrary {
    private EveryLibrary() {}

    public static void main(String[] arguments) {
      EngineCheck.run();
      RuntimeCheck.run();
      SolverCheck.run();
      System.out.println("loaded");
      System.out.flush();
      Runtime.getRuntime().halt(0);
    }
  }
}
