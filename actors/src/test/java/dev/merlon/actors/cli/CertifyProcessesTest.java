package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.actors.SmallModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certifications in processes of their own, one of which ends without any warning. */
class CertifyProcessesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int INPUTS = 1000;
  private static final int LINES_BEFORE_KILL = 120;

  @TempDir private Path home;

  @Test
  void certify_killed_leavesEveryVerdictItToldAndAsksOnlyTheRest() throws Exception {
    Path model = SmallModel.write(home.resolve("small.onnx"), 28);
    Path store = home.resolve("kept.db");
    Map<Integer, JsonNode> told = killed(command(model, store, "--out", "/dev/stdout"));
    assertThat(told).hasSize(LINES_BEFORE_KILL);

    Path out = home.resolve("out.jsonl");
    CapturedRun run =
        CapturedRun.of(
            home, command(model, store, "--out", out.toString(), "--json").toArray(String[]::new));

    assertThat(run.code()).as(run.err()).isZero();
    JsonNode report = JSON.readTree(run.out());
    int reused = report.get("reused").asInt();
    assertThat(reused).isBetween(LINES_BEFORE_KILL, INPUTS - 1);
    List<String> lines = Files.readAllLines(out);
    assertThat(verdicts(lines)).hasSize(INPUTS).containsAllEntriesOf(told);
    assertThat(lines).as("each input once").hasSize(INPUTS);
    long asked =
        verdicts(lines.subList(reused, INPUTS)).values().stream()
            .filter(verdict -> verdict.get("verdict").asText().equals("unknown"))
            .count();
    for (JsonNode decided : report.get("rungs")) {
      asked += decided.asInt();
    }
    assertThat(asked).as("what was not known, and nothing else").isEqualTo(INPUTS - reused);
  }

  @Test
  void certify_twoProcessesAtOnce_keepEveryVerdictInOneStore() throws Exception {
    Path model = SmallModel.write(home.resolve("small.onnx"), 28);
    Path store = home.resolve("kept.db");
    String[] command = command(model, store, "--json").toArray(String[]::new);
    Process other =
        new ProcessBuilder(java(command)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    CapturedRun here = CapturedRun.of(home, command);
    try (BufferedReader output = other.inputReader()) {
      assertThat(output.lines().filter(line -> line.startsWith("{")))
          .singleElement()
          .satisfies(
              line -> assertThat(JSON.readTree(line).get("answered").asInt()).isEqualTo(INPUTS));
    }
    assertThat(other.waitFor()).isZero();
    assertThat(here.code()).as(here.err()).isZero();

    JsonNode after = JSON.readTree(CapturedRun.of(home, command).out());

    assertThat(after.get("reused").asInt()).isEqualTo(INPUTS);
    assertThat(after.get("certified")).isEqualTo(JSON.readTree(here.out()).get("certified"));
  }

  private static List<String> command(Path model, Path store, String... more) {
    List<String> words = new ArrayList<>(List.of("certify", model.toString(), "--data", "demo"));
    words.addAll(List.of("--first", "" + INPUTS, "--norm", "linf:0.01"));
    words.addAll(List.of("--rungs", "ibp,pgd,crown", "--store", store.toString()));
    words.addAll(List.of(more));
    return words;
  }

  // destroyForcibly is SIGKILL where there are signals.
  private static Map<Integer, JsonNode> killed(List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(java(command.toArray(String[]::new)))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine();
          line != null && lines.size() < LINES_BEFORE_KILL;
          line = output.readLine()) {
        // The logging library talks to the same stream where tests configure it.
        if (line.startsWith("{")) {
          lines.add(line);
        }
      }
      process.destroyForcibly();
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("killed before it was done").isNotZero();
    return verdicts(lines);
  }

  private static List<String> java(String... command) {
    List<String> java =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=" + Locale.getDefault().getLanguage(),
                "-Duser.country=" + Locale.getDefault().getCountry(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    java.addAll(List.of(command));
    return java;
  }

  private static Map<Integer, JsonNode> verdicts(List<String> lines) throws IOException {
    Map<Integer, JsonNode> verdicts = new TreeMap<>();
    for (String line : lines) {
      ObjectNode verdict = (ObjectNode) JSON.readTree(line);
      // Streams have none.
      verdict.remove("crc");
      verdicts.put(verdict.get("index").asInt(), verdict);
    }
    return verdicts;
  }
}
