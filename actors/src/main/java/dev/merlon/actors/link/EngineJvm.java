package dev.merlon.actors.link;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The command line of a child JVM: the same Java, class path and options as this process, but for
 * what a child has of its own.
 *
 * @param heap its Java heap, such as {@code 1g}
 * @param threads threads of one tensor operation, at least 1
 * @param nice how much it gives way to other processes, 0 (not at all) to 19
 * @param crashes folder of the reports of crashed JVMs
 */
public record EngineJvm(String heap, int threads, int nice, Path crashes) {
  // What a JVM was given for itself alone. The archive of classes is shared on.
  private static final Predicate<String> OWN =
      option ->
          option.startsWith("-Xmx")
              || option.startsWith("-XX:MaxRAMPercentage")
              || option.startsWith("-XX:ErrorFile")
              || option.startsWith("-XX:OnOutOfMemoryError")
              || option.startsWith("-XX:ArchiveClassesAtExit")
              || option.startsWith("-javaagent")
              || option.startsWith("-agentlib")
              || option.startsWith("-agentpath");

  /** Checks the ranges. */
  public EngineJvm {
    if (threads < 1 || nice < 0 || nice > 19) {
      throw new IllegalArgumentException(threads + " threads, nice " + nice);
    }
  }

  /**
   * Program and arguments.
   *
   * @param main class with the main method
   * @param arguments of the main method
   */
  public List<String> command(String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    if (nice > 0) {
      command.addAll(List.of("nice", "-n", Integer.toString(nice)));
    }
    command.add(java());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(OWN.negate())
        .forEach(command::add);
    command.add("-Xmx" + heap);
    command.add("-XX:ErrorFile=" + crashes.resolve("hs_err_pid%p.log"));
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(arguments);
    return command;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Variables of native libraries. Waiting threads must sleep, since several pools share the cores;
   * a fixed number of threads keeps results equal; freed memory is kept for the next step.
   */
  public Map<String, String> environment() {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("OMP_NUM_THREADS", Integer.toString(threads));
    variables.put("MKL_NUM_THREADS", Integer.toString(threads));
    variables.put("OMP_DYNAMIC", "FALSE");
    variables.put("MKL_DYNAMIC", "FALSE");
    variables.put("OMP_WAIT_POLICY", inherited("OMP_WAIT_POLICY").orElse("passive"));
    variables.put("MKL_CBWR", inherited("MKL_CBWR").orElse("AUTO"));
    variables.put("MALLOC_ARENA_MAX", inherited("MALLOC_ARENA_MAX").orElse("1"));
    variables.put(
        "MALLOC_MMAP_THRESHOLD_", inherited("MALLOC_MMAP_THRESHOLD_").orElse("1073741824"));
    variables.put(
        "MALLOC_TRIM_THRESHOLD_", inherited("MALLOC_TRIM_THRESHOLD_").orElse("2147483648"));
    variables.put("MALLOC_TOP_PAD_", inherited("MALLOC_TOP_PAD_").orElse("67108864"));
    variables.put("ORT_DISABLE_TELEMETRY", "1");
    return variables;
  }

  private static Optional<String> inherited(String variable) {
    return Optional.ofNullable(System.getenv(variable));
  }
}
