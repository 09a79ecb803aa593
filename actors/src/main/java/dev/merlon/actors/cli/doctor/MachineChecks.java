package dev.merlon.actors.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.doctor.Diagnosis.Check;
import dev.merlon.actors.cli.work.LogFile;
import dev.merlon.actors.job.ActorHost;
import dev.merlon.actors.job.Waiting;
import dev.merlon.actors.verification.Certification;
import dev.merlon.actors.verification.PropertyRequest;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.failure.Unwritable;
import dev.merlon.config.home.MerlonHome;
import dev.merlon.model.natives.NativeFolder;
import dev.merlon.model.onnx.runtime.RuntimeCheck;
import dev.merlon.model.tensor.EngineCheck;
import dev.merlon.model.tensor.TensorRuntime;
import dev.merlon.model.verify.VerifierCheck;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The checks of {@code doctor} on this machine. */
final class MachineChecks {
  private MachineChecks() {}

  static List<Check> all(LogFile log) {
    return List.of(
        Check.of("java", MachineChecks::java),
        Check.of("machine", MachineChecks::machine),
        Check.of("home", MachineChecks::home),
        Check.of("natives", () -> NativeFolder.ofEngine() + " is private"),
        Check.of("temporary", () -> writable(Path.of(System.getProperty("java.io.tmpdir")))),
        Check.of("engine", MachineChecks::engine),
        Check.of("gradient", MachineChecks::gradient),
        Check.of("onnx-runtime", MachineChecks::onnxRuntime),
        Check.of("onnx-model", MachineChecks::onnxModel),
        Check.of("verifier", MachineChecks::verifier),
        Check.of("akka", MachineChecks::akka),
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
    return String.format(
        Locale.ROOT,
        "%d cores, %s memory (%s free), %s %s",
        Runtime.getRuntime().availableProcessors(),
        Amounts.bytes(system.getTotalMemorySize()),
        Amounts.bytes(system.getFreeMemorySize()),
        System.getProperty("os.name"),
        System.getProperty("os.arch"));
  }

  private static String home() {
    MerlonHome home = MerlonHome.ofProcess();
    String basis =
        switch (home.basis()) {
          case NAMED -> "named by MERLON_HOME";
          case USER -> "in the user's home";
          case TEMPORARY -> "temporary, as no home can be written; MERLON_HOME names another";
        };
    return writable(home.folder()) + ", " + basis;
  }

  private static String engine() {
    int gpus = TensorRuntime.gpuCount();
    return String.format(
        Locale.ROOT,
        "%s, threads %d, devices: cpu%s%s",
        TensorRuntime.version(),
        TensorRuntime.threads(),
        gpus == 0 ? "" : ", " + gpus + " CUDA (not used by this version)",
        TensorRuntime.remark().map("; "::concat).orElse(""));
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

  private static String verifier() {
    long start = System.nanoTime();
    VerifierCheck.run();
    return String.format("every rung answers a small query as it must, %s", millis(start));
  }

  // What asks verifiers is loaded here, too, so that later starts find it in the archive of
  // classes.
  private static String akka() {
    long start = System.nanoTime();
    Effort effort =
        Effort.of(List.of(Rung.values()), AttackStrength.QUICK.attack(), 0, Duration.ofMinutes(1));
    try (ActorHost host = ActorHost.start();
        Certification verifiers = new Certification(host.system())) {
      PropertyRequest asked =
          new PropertyRequest(VerifierCheck.classifier(), VerifierCheck.property(), effort);
      Optional<Outcome> outcome = Waiting.forResult(verifiers.start(asked).result());
      if (outcome.filter(found -> found.kind() == Outcome.Kind.CERTIFIED).isEmpty()) {
        throw MerlonException.device(
            "The pool of verifiers did not prove a property that holds: " + outcome,
            "Verification does not work on this machine; the log says more.");
      }
    }
    return "Akka %s, its verifiers answer, %s".formatted(akka.Version.current(), millis(start));
  }

  private static String writable(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.delete(Files.createTempFile(directory, "doctor", ".tmp"));
      long room = directory.toFile().getUsableSpace();
      return "%s is writable, %s free".formatted(directory, Amounts.bytes(room));
    } catch (IOException refused) {
      throw Unwritable.of(
          directory + " cannot be written",
          "Make room or permit it, or name another: MERLON_HOME for caches and logs, TMPDIR for"
              + " temporary files.",
          refused);
    }
  }

  private static String millis(long start) {
    return String.format(Locale.ROOT, "%.0f ms", (System.nanoTime() - start) / 1e6);
  }
}
