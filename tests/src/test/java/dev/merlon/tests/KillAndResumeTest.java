package dev.merlon.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.proto.Digests;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillAndResumeTest {
  private static final int KILLS = 10;
  private static final int LINES_BEFORE_KILL = 12;
  private static final ObjectMapper JSON = new ObjectMapper();
  @TempDir private Path directory;

  @Test
  void train_killedTenTimes_endsInTheSameBitsAsUndisturbed() throws Exception {
    Path undisturbed = directory.resolve("undisturbed");
    Path killed = directory.resolve("killed");
    assertThat(KilledTraining.train(undisturbed, event -> {}))
        .isInstanceOf(TrainingOutcome.Completed.class);

    SplittableRandom moments = new SplittableRandom(20_261_121);
    for (int kill = 0; kill < KILLS; kill++) {
      killAfter(1 + moments.nextInt(LINES_BEFORE_KILL), killed);
      assertThat(killed.resolve("final.onnx"))
          .as("still training after kill %d", kill)
          .doesNotExist();
    }
    assertThat(KilledTraining.train(killed, event -> {}))
        .isInstanceOf(TrainingOutcome.Completed.class);

    assertThat(files(killed)).isEqualTo(files(undisturbed));
    assertThat(checkpoints(killed).last()).isEqualTo(checkpoints(undisturbed).last());
    assertThat(killed.resolve("final.onnx"))
        .hasSameBinaryContentAs(undisturbed.resolve("final.onnx"));
    assertThat(models(killed)).isEqualTo(models(undisturbed));
    assertThat(metrics(killed)).isEqualTo(metrics(undisturbed));
  }

  // destroyForcibly is SIGKILL where there are signals.
  private static void killAfter(int lines, Path run) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=" + Locale.getDefault().getLanguage(),
                "-Duser.country=" + Locale.getDefault().getCountry(),
                "-Xmx512m",
                // Killed within seconds: what starts soonest.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                KilledTraining.class.getName(),
                run.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output = process.inputReader()) {
      int read = 0;
      while (read < lines && output.readLine() != null) {
        read++;
      }
      process.destroyForcibly();
      assertThat(read).as("lines before the kill").isEqualTo(lines);
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
  }

  /** Everything but checkpoints. */
  private static List<String> files(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      return files
          .filter(file -> !file.startsWith(run.resolve("checkpoints")))
          .map(file -> run.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  // Training does not wait for the disk: which checkpoints before the last are written, and stay,
  // depends on the time that writing takes.
  private static SortedSet<String> checkpoints(Path run) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    assertThat(names).hasSize(KilledTraining.KEPT).allMatch(name -> name.endsWith(".merlon"));
    return names;
  }

  private static SortedMap<String, String> models(Path run) throws IOException {
    SortedMap<String, String> digests = new TreeMap<>();
    try (Stream<Path> models = Files.list(run.resolve("models"))) {
      for (Path model : models.toList()) {
        digests.put(model.getFileName().toString(), Digests.ofFile(model));
      }
    }
    return digests;
  }

  /** The lines of the metrics without what depends on the clock. */
  private static List<ObjectNode> metrics(Path run) throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode node = (ObjectNode) JSON.readTree(line);
      node.remove(List.of("seconds", "images-per-second"));
      lines.add(node);
    }
    return lines;
  }
}
