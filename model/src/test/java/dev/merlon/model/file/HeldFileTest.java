package dev.merlon.model.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldFileTest {
  @TempDir private Path folder;

  /** Another process: takes the file, says so, and holds it until its input ends. */
  static final class Other {
    public static void main(String[] arguments) throws IOException {
      try (HeldFile held = HeldFile.take(Path.of(arguments[0]), HeldFileTest::taken)) {
        System.out.println("held " + held.channel().isOpen());
        int end = System.in.read();
        System.out.println(end);
      }
    }
  }

  @Test
  void take_heldByAnotherProcess_refusedWithItsNumberUntilItEnds()
      throws IOException, InterruptedException {
    Path file = folder.resolve("results");
    Process other =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Other.class.getName(),
                    file.toString()))
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("held true");

      assertThatThrownBy(() -> HeldFile.take(file, HeldFileTest::taken))
          .isInstanceOf(MerlonException.class)
          .hasMessageContaining("process " + other.pid() + ", since 2");
      other.getOutputStream().close();
      assertThat(other.waitFor()).isZero();

      HeldFile.take(file, HeldFileTest::taken).close();
      assertThat(folder.resolve("results.holder")).doesNotExist();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void take_heldByThisProcess_refusedUnderEveryNameAndStillHeld() throws IOException {
    Path file = folder.resolve("results");
    try (HeldFile held = HeldFile.take(file, HeldFileTest::taken)) {
      Path link = Files.createSymbolicLink(folder.resolve("link"), file);
      for (Path name :
          List.of(file, link, folder.resolve("../" + folder.getFileName() + "/link"))) {
        assertThatThrownBy(() -> HeldFile.take(name, HeldFileTest::taken))
            .hasMessageContaining("this process");
      }
      assertThat(held.channel().isOpen()).isTrue();
      assertThat(folder.resolve("results.holder"))
          .content()
          .startsWith("process " + ProcessHandle.current().pid() + ", since ");
    }
    HeldFile.take(file, HeldFileTest::taken).close();
  }

  @Test
  void take_noSuchFolder_failsAndHoldsNothing() throws IOException {
    Path file = folder.resolve("below/results");

    assertThatThrownBy(() -> HeldFile.take(file, HeldFileTest::taken))
        .isInstanceOf(IOException.class);
    Files.createDirectory(folder.resolve("below"));
    HeldFile.take(file, HeldFileTest::taken).close();
  }

  private static MerlonException taken(String holder) {
    return MerlonException.configuration("taken by " + holder, "Wait.");
  }
}
