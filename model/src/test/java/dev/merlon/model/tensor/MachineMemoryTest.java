package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {
  @TempDir private Path directory;

  @Test
  void bytes_machineAlone_isItsAvailableMemoryAndSwap() throws IOException {
    Path meminfo = write("meminfo", "MemTotal: 9 kB\nMemAvailable:  3000 kB\nSwapFree: 1000 kB\n");

    assertThat(new MachineMemory(meminfo, directory).bytes()).hasValue(4000 * 1024);
  }

  @Test
  void bytes_container_isWhatItsLimitLeavesWithoutTheFileCache() throws IOException {
    Path meminfo = write("meminfo", "MemAvailable: 3000 kB\n");
    write("memory.max", "2000000\n");
    write("memory.current", "1500000\n");
    write("memory.stat", "anon 5\ninactive_file 100000\n");

    assertThat(new MachineMemory(meminfo, directory).bytes()).hasValue(600_000);
  }

  @Test
  void bytes_containerWithoutLimit_isTheMachines() throws IOException {
    Path meminfo = write("meminfo", "MemAvailable: 3000 kB\n");
    write("memory.max", "max\n");
    write("memory.current", "1500000\n");

    assertThat(new MachineMemory(meminfo, directory).bytes()).hasValue(3000 * 1024);
  }

  @Test
  void bytes_nothingKnown_isEmpty() {
    assertThat(new MachineMemory(directory.resolve("none"), directory).bytes()).isEmpty();
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
