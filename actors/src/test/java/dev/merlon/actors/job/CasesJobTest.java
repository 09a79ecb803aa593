package dev.merlon.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.actors.SmallModel;
import dev.merlon.actors.event.CasesProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.verification.Results;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.VerdictFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of a file, with nobody but a recorder of events to watch. */
class CasesJobTest {
  @TempDir private Path home;
  private RecordedJob recorded;

  @BeforeEach
  void writeModelAndInputs() throws IOException {
    recorded = new RecordedJob(home.resolve("store/certificates.db"));
    SmallModel.write(home.resolve("small.onnx"), 28);
    inputs("some", 31);
    inputs("others", 37);
  }

  @Test
  void certify_goodAndMissingModels_tellsItsPhaseAndGivesWhatCameOut() throws IOException {
    cases(each("a", "small.onnx", "some", 0), each("b", "none.onnx", "some", 1));

    JobOutcome.CasesCertified outcome = certify(Optional.empty(), StoreChoice.NONE);

    assertThat(recorded.events().get(0)).isEqualTo(new JobEvent.QuestionsPrepared(2));
    assertThat(recorded.phases()).containsExactly(JobPhase.CERTIFICATION);
    assertThat(recorded.events()).endsWith(new JobEvent.PhaseEnded(JobPhase.CERTIFICATION));
    assertThat(recorded.events(JobEvent.Noted.class))
        .extracting(JobEvent.Noted::message)
        .singleElement()
        .asString()
        .startsWith("none.onnx is refused");
    List<CasesProgress> told = recorded.events(CasesProgress.class);
    assertThat(told.get(0)).isEqualTo(new CasesProgress(0, 2, Map.of()));
    assertThat(told).extracting(CasesProgress::done).isSorted();
    assertThat(told.get(told.size() - 1).done()).isEqualTo(2);
    assertThat(outcome.counts().answered()).isEqualTo(2);
    assertThat(outcome.counts().unprocessed()).isEqualTo(1);
    assertThat(OutcomeJson.of(outcome))
        .containsEntry("asked", 2)
        .containsEntry(Outcome.Kind.UNKNOWN.word(), 1)
        .containsEntry("reused", 0);
  }

  @Test
  void certify_oneModelWithTwoFilesOfInputs_keepsThemApart() throws IOException {
    cases(each("a", "small.onnx", "some", 0), each("b", "small.onnx", "others", 0));
    Path out = home.resolve("out.jsonl");

    JobOutcome.CasesCertified first =
        certify(results(out, VerdictFile.Opening.NEW), StoreChoice.NONE);
    // The other file's image now: what is known of the first is no answer.
    cases(each("a", "small.onnx", "others", 0), each("b", "small.onnx", "others", 0));
    certify(results(out, VerdictFile.Opening.RESUME), StoreChoice.NONE);

    assertThat(first.counts().models()).hasSize(1);
    assertThat(first.counts().answered()).isEqualTo(2);
    assertThat(Files.readAllLines(out)).hasSize(3);
  }

  @Test
  void certify_resumed_tellsWhatTheResultsHoldBeforeItAsks() throws IOException {
    Path out = home.resolve("out.jsonl");
    cases(each("a", "small.onnx", "some", 0), each("b", "small.onnx", "some", 1));
    certify(results(out, VerdictFile.Opening.NEW), StoreChoice.NONE);
    recorded.clear();

    JobOutcome.CasesCertified resumed =
        certify(results(out, VerdictFile.Opening.RESUME), StoreChoice.NONE);

    assertThat(recorded.events(CasesProgress.class))
        .extracting(CasesProgress::done)
        .containsExactly(0L, 2L);
    assertThat(resumed.counts().answered()).isEqualTo(2);
    assertThat(Files.readAllLines(out)).hasSize(2);
  }

  @Test
  void certify_usualStore_answersTheSecondTime() throws IOException {
    cases(each("a", "small.onnx", "some", 0), each("b", "small.onnx", "others", 1));
    certify(Optional.empty(), StoreChoice.USUAL);

    JobOutcome.CasesCertified second = certify(Optional.empty(), StoreChoice.USUAL);

    assertThat(second.counts().reused().verdicts()).isEqualTo(2);
    assertThat(OutcomeJson.of(second)).containsEntry("reused", 2);
  }

  @Test
  void certify_stopRequestedWhileItWorks_endsInOrderWithWhatCameOut() throws IOException {
    List<String> many = new ArrayList<>();
    for (int number = 0; number < 400; number++) {
      many.add(each("case-" + number, "small.onnx", "some", number % 2));
    }
    cases(many.toArray(String[]::new));

    JobOutcome.CasesCertified outcome =
        certify(
            recorded.context(
                event -> {
                  if (event instanceof CasesProgress) {
                    recorded.stop().request();
                  }
                }));

    assertThat(outcome.counts().answered()).isLessThan(400);
    assertThat(recorded.events())
        .contains(new JobEvent.Stopping(JobPhase.CERTIFICATION))
        .endsWith(new JobEvent.PhaseEnded(JobPhase.CERTIFICATION));
  }

  @Test
  void certify_noFileOfCases_fails() throws IOException {
    Files.writeString(home.resolve("cases.json"), "{}");

    assertThatThrownBy(() -> certify(Optional.empty(), StoreChoice.NONE))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("cases.json");

    assertThat(recorded.events()).isEmpty();
  }

  private JobOutcome.CasesCertified certify(Optional<Results> out, StoreChoice store) {
    return spec(out, store).run(recorded.context());
  }

  private JobOutcome.CasesCertified certify(JobContext context) {
    return spec(Optional.empty(), StoreChoice.NONE).run(context);
  }

  private JobSpec.CertifyCases spec(Optional<Results> out, StoreChoice store) {
    return new JobSpec.CertifyCases(
        home.resolve("cases.json"),
        List.of(Rung.PREDICT, Rung.IBP, Rung.CROWN),
        Guarantee.REAL,
        Optional.empty(),
        Optional.empty(),
        new Conduct(out, store, Set.of(), Verifiers.USUAL, 0, Optional.empty()));
  }

  private static Optional<Results> results(Path file, VerdictFile.Opening opening) {
    return Optional.of(new Results.File(file, opening));
  }

  private static String each(String id, String model, String inputs, int index) {
    return String.format(
        Locale.ROOT,
        """
        {"id": "%s", "model": "%s", "inputs": "%s.json", "index": %d, "label": 1,
         "norm": "linf", "eps": 0.001, "clip": [0, 1], "timeout": 20}\
        """,
        id,
        model,
        inputs,
        index);
  }

  private void cases(String... cases) throws IOException {
    Files.writeString(
        home.resolve("cases.json"), "{\"cases\": [" + String.join(",\n", cases) + "]}");
  }

  private void inputs(String name, int factor) throws IOException {
    byte[] pixels = new byte[2 * 784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * factor % 256);
    }
    Files.write(home.resolve(name + ".u8.bin"), pixels);
    Files.writeString(
        home.resolve(name + ".json"),
        "{\"first_index\": 0, \"shape\": [2, 1, 28, 28], \"dtype\": \"uint8\", \"file\": \""
            + name
            + ".u8.bin\"}");
  }
}
