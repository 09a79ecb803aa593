package dev.merlon.model.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files end in an answer or in one clear line: no crash, no hang, no memory without bound.
 */
class FuzzTest {
  private static final int FEW = 200;
  private static final long MOST_MEGABYTES = 3_000;
  private static final long LONGEST_HOURS = 6;

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void answer_ofDamagedFiles_isAVerdictOrOneClearLine() {
    Map<String, byte[]> seeds = FuzzCase.seeds(Optional.empty());
    Map<String, Integer> ends = new TreeMap<>();
    for (long number = 0; number < FEW; number++) {
      ends.merge(ProductPath.of(FuzzCase.of(number, seeds)), 1, Integer::sum);
    }

    assertVaried(ends);
  }

  @Test
  @EnabledIfEnvironmentVariable(named = "MERLON_FUZZ_CASES", matches = "\\d+")
  @Timeout(value = LONGEST_HOURS, unit = TimeUnit.HOURS)
  void answer_ofManyDamagedFiles_isAVerdictOrOneClearLineWithinMemory(@TempDir Path folder)
      throws IOException, InterruptedException {
    long cases = Long.parseLong(System.getenv("MERLON_FUZZ_CASES"));
    List<String> faults = new ArrayList<>();
    long next = FEW;
    while (next < FEW + cases) {
      int code = run(folder, next, FEW + cases);
      if (code == 0) {
        break;
      }
      long current = Long.parseLong(Files.readString(folder.resolve(FuzzRun.CURRENT)));
      faults.add("case " + current + " ended the process with code " + code);
      next = current + 1;
    }

    FuzzReport report = FuzzReport.of(Files.readAllLines(folder.resolve(FuzzRun.ENDED)));
    System.out.println(report);
    faults.addAll(report.faults());
    assertThat(faults).isEmpty();
    assertThat(report.cases()).isEqualTo(cases);
    assertThat(report.megabytes()).isLessThan(MOST_MEGABYTES);
    assertVaried(report.ends());
  }

  /** Neither are all refused nor all answered. */
  private static void assertVaried(Map<String, Integer> ends) {
    int answered =
        ends.entrySet().stream()
            .filter(end -> end.getKey().startsWith("answered"))
            .mapToInt(Map.Entry::getValue)
            .sum();
    int all = ends.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(answered).as("%s", ends).isBetween(all / 10, all * 9 / 10);
  }

  private static int run(Path folder, long from, long to) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=" + Locale.getDefault().getLanguage(),
                "-Duser.country=" + Locale.getDefault().getCountry(),
                "-Xmx1g",
                // As the launcher does: ONNX Runtime recurses deeply.
                "-Xss8m",
                "-XX:+UseSerialGC",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                FuzzRun.class.getName(),
                folder.toString(),
                Long.toString(from),
                Long.toString(to)));
    Optional.ofNullable(System.getenv("MERLON_GOLDEN"))
        .map(golden -> Path.of(golden, "verification", "models").toString())
        .ifPresent(command::add);
    ProcessBuilder child = new ProcessBuilder(command).inheritIO();
    // As the launcher does; cases are too small for more threads.
    child.environment().putAll(Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "passive"));
    return child.start().waitFor();
  }
}
