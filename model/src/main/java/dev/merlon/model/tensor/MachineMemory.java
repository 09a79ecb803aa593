package dev.merlon.model.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory the machine, or the container around this process, still has to give: what is
 * free, what the file cache would let go, and swap. Empty where the operating system does not say.
 */
public final class MachineMemory {
  private final Path meminfo;
  private final Path cgroup;

  /**
   * What these files say.
   *
   * @param meminfo as Linux has it in {@code /proc/meminfo}
   * @param cgroup directory of the control group, version 2
   */
  MachineMemory(Path meminfo, Path cgroup) {
    this.meminfo = meminfo;
    this.cgroup = cgroup;
  }

  /** Of this machine, bytes. */
  public static OptionalLong available() {
    return new MachineMemory(Path.of("/proc/meminfo"), Path.of("/sys/fs/cgroup")).bytes();
  }

  /** The smaller of what machine and container have. */
  OptionalLong bytes() {
    OptionalLong machine = machine();
    OptionalLong container = container();
    if (machine.isEmpty() || container.isEmpty()) {
      return machine.isEmpty() ? container : machine;
    }
    return OptionalLong.of(Math.min(machine.getAsLong(), container.getAsLong()));
  }

  private OptionalLong machine() {
    OptionalLong memory = number(meminfo, "MemAvailable:\\s+(\\d+) kB");
    OptionalLong swap = number(meminfo, "SwapFree:\\s+(\\d+) kB");
    return memory.isEmpty()
        ? memory
        : OptionalLong.of((memory.getAsLong() + swap.orElse(0)) * 1024);
  }

  private OptionalLong container() {
    OptionalLong limit = number(cgroup.resolve("memory.max"), "^(\\d+)");
    OptionalLong used = number(cgroup.resolve("memory.current"), "^(\\d+)");
    if (limit.isEmpty() || used.isEmpty()) {
      return OptionalLong.empty();
    }
    long cached = number(cgroup.resolve("memory.stat"), "inactive_file (\\d+)").orElse(0);
    return OptionalLong.of(Math.max(0, limit.getAsLong() - used.getAsLong() + cached));
  }

  private static OptionalLong number(Path file, String pattern) {
    try {
      Matcher found = Pattern.compile(pattern).matcher(Files.readString(file));
      return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
    } catch (IOException unknown) {
      return OptionalLong.empty();
    }
  }
}
