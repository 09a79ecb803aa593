package dev.merlon.actors.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.actors.cli.CapturedRun;
import dev.merlon.actors.cli.option.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  @TempDir private Path home;

  @Test
  void doctor_workingMachine_showsEveryPartAsOk() {
    CapturedRun run = CapturedRun.of(home, "doctor");

    assertThat(run.code()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).startsWith("ok "));
    assertThat(run.out()).contains("Java ", "PyTorch ", "ONNX Runtime ", "CPU", "Akka ", "cores");
  }

  @Test
  void doctor_json_isOneObjectWithAllChecks() throws JsonProcessingException {
    CapturedRun run = CapturedRun.of(home, "doctor", "--json");

    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).hasSize(1);
    JsonNode report = new ObjectMapper().readTree(run.out());
    assertThat(report.get("ok").asBoolean()).isTrue();
    assertThat(report.get("version").asText()).isEqualTo(Version.current());
    assertThat(report.get("checks"))
        .allSatisfy(
            check ->
                assertThat(check.fieldNames())
                    .toIterable()
                    .contains("name", "ok", "essential", "detail"));
  }

  @Test
  void run_aPartThatCannotBeLoaded_isReportedAndStopsNoOther() {
    List<Finding> heard = new ArrayList<>();
    var diagnosis =
        new Diagnosis(
            List.of(
                Diagnosis.Check.of(
                    "broken",
                    () -> {
                      throw new UnsatisfiedLinkError("libmissing.so: cannot open shared object");
                    }),
                Diagnosis.Check.of("fine", () -> "works")));

    List<Finding> findings = diagnosis.run(heard::add);

    assertThat(findings)
        .containsExactly(
            new Finding("broken", false, true, "libmissing.so: cannot open shared object."),
            new Finding("fine", true, true, "works"));
    assertThat(heard).isEqualTo(findings);
  }

  @Test
  void doctor_logsCannotBeWritten_warnsOnly() throws IOException {
    Path file = Files.createFile(home.resolve("file"));

    CapturedRun run = CapturedRun.of(file, "doctor");

    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).anyMatch(line -> line.startsWith("warn    logs "));
  }
}
