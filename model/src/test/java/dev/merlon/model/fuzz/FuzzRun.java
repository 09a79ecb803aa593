package dev.merlon.model.fuzz;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Cases one after another in a process of its own, which may die of one: each is written down
 * before it is begun. Arguments: folder for the record, first number, number after the last, folder
 * with further seeds.
 */
public final class FuzzRun {
  /** The number of the case that is running. */
  static final String CURRENT = "current";

  /** One line for each case that has ended: number, milliseconds, megabytes, end. */
  static final String ENDED = "ended";

  private static final long LONGEST_SECONDS = 120;
  private static final int HUNG = 9;

  private FuzzRun() {}

  /** Runs the cases and exits. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    Map<String, byte[]> seeds =
        FuzzCase.seeds(
            arguments.length > 3 ? Optional.of(Path.of(arguments[3])) : Optional.empty());
    ExecutorService worker =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "case");
              thread.setDaemon(true);
              return thread;
            });
    try (PrintStream ended =
        new PrintStream(
            Files.newOutputStream(
                folder.resolve(ENDED), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
            true,
            StandardCharsets.UTF_8)) {
      for (long number = Long.parseLong(arguments[1]);
          number < Long.parseLong(arguments[2]);
          number++) {
        Files.writeString(folder.resolve(CURRENT), Long.toString(number));
        long start = System.nanoTime();
        String end = run(FuzzCase.of(number, seeds), worker);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        ended.println(number + "\t" + millis + "\t" + resident() + "\t" + end);
        if (end.startsWith("hung")) {
          Runtime.getRuntime().halt(HUNG);
        }
      }
    }
    Files.delete(folder.resolve(CURRENT));
    worker.shutdown();
  }

  private static String run(FuzzCase asked, ExecutorService worker) throws InterruptedException {
    try {
      return worker.submit(() -> ProductPath.of(asked)).get(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException broken) {
      return "broken: " + trace(broken.getCause());
    } catch (TimeoutException hung) {
      return "hung: " + asked.kind() + " of " + asked.seed() + stacks();
    }
  }

  private static String trace(Throwable broken) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
      text.append(cause).append(" @ ");
      StackTraceElement[] places = cause.getStackTrace();
      for (int i = 0; i < Math.min(6, places.length); i++) {
        text.append(places[i]).append(" < ");
      }
    }
    return text.toString().replaceAll("\\s+", " ");
  }

  private static String stacks() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach(
            (thread, places) -> {
              if (thread.getName().equals("case")) {
                text.append(' ').append(List.of(places));
              }
            });
    return text.toString().replaceAll("\\s+", " ");
  }

  /**
   * The most memory that the process has held so far, in megabytes; 0 where the system is silent.
   */
  private static long resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
        .findFirst()
        .orElse(0);
  }
}
