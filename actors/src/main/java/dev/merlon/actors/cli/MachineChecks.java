package dev.merlon.actors.cli;

import ai.djl.util.Utils;
import com.sun.management.OperatingSystemMXBean;
import dev.merlon.actors.cli.Diagnosis.Check;
import dev.merlon.actors.cli.terminal.Amounts;
import dev.merlon.actors.cli.work.LogFile;
import dev.merlon.model.onnx.RuntimeCheck;
import dev.merlon.model.tensor.EngineCheck;
import dev.merlon.model.tensor.TensorRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The checks of {@code doctor} on this machine. */
final class MachineChecks {
  private MachineChecks() {}

  static List<Check> all(LogFile log) {
    return List.of(
        Check.of("java", MachineChecks::java),
        Check.of("machine", MachineChecks::machine),
        Check.of("engine", MachineChecks::engine),
        Check.of("gradient", MachineChecks::gradient),
        Check.of("onnx-runtime", MachineChecks::onnxRuntime),
        Check.of("onnx-model", MachineChecks::onnxModel),
        Check.of("akka", () -> "Akka " + akka.Version.current()),
        Check.of("engine-cache", () -> writable(Utils.getEngineCacheDir("pytorch"))),
        new Check("logs", false, () -> writable(log.home())));
  }

  private static String java() {
    return "Java %s (%s), heap up to %s"
        .formatted(
            System.getProperty("java.version"),
            System.getProperty("java.vendor"),
            Amounts.bytes(Runtime.getRuntime().maxMemory()));
  }

  private static String machine() {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return "%d cores, %s memory (%s free), %s %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            Amounts.bytes(system.getTotalMemorySize()),
            Amounts.bytes(system.getFreeMemorySize()),
            System.getProperty("os.name"),
            System.getProperty("os.arch"));
  }

  private static String engine() {
    int gpus = TensorRuntime.gpuCount();
    return "%s, threads %d, devices: cpu%s"
        .formatted(
            TensorRuntime.version(),
            TensorRuntime.threads(),
            gpus == 0 ? "" : ", " + gpus + " CUDA (not used by this version)");
  }

  private static String gradient() {
    long start = System.nanoTime();
    EngineCheck.run();
    return "a matrix product and its gradient are right on CPU, %s".formatted(millis(start));
  }

  private static String onnxRuntime() {
    return "ONNX Runtime %s, providers: %s"
        .formatted(RuntimeCheck.version(), String.join(", ", RuntimeCheck.providers()));
  }

  private static String onnxModel() {
    long start = System.nanoTime();
    RuntimeCheck.run();
    return "a small model is written, loaded and right on CPU, %s".formatted(millis(start));
  }

  private static String writable(Path directory) {
    try {
      Files.createDirectories(directory);
      Path probe = Files.createTempFile(directory, "doctor", ".tmp");
      Files.delete(probe);
      return directory + " is writable";
    } catch (IOException refused) {
      throw new UncheckedIOException(directory + " is not writable: " + refused, refused);
    }
  }

  private static String millis(long start) {
    return String.format(Locale.ROOT, "%.0f ms", (System.nanoTime() - start) / 1e6);
  }
}
