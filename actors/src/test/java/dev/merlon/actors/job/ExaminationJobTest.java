package dev.merlon.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.actors.SmallModel;
import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.verification.Results;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.InputScaling;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.VerdictFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certifying and attacking, with nobody but a recorder of events to watch. */
class ExaminationJobTest {
  private static final int INPUTS = 40;

  @TempDir private Path home;
  private Path model;
  private RecordedJob recorded;

  @BeforeEach
  void writeModel() throws IOException {
    model = SmallModel.write(home.resolve("small.onnx"), 28);
    recorded = new RecordedJob(home.resolve("store/certificates.db"));
  }

  @Test
  void certify_model_tellsItsPhaseInOrderAndGivesWhatCameOut() {
    JobOutcome.Certified outcome = certify(INPUTS, conduct(StoreChoice.NONE)).run(context());

    List<JobEvent> events = recorded.events();
    assertThat(events.get(0)).isEqualTo(new JobEvent.QuestionsPrepared(INPUTS));
    assertThat(events.get(1)).isEqualTo(new JobEvent.PhaseBegan(JobPhase.CERTIFICATION));
    assertThat(events.subList(2, events.size() - 2))
        .hasOnlyElementsOfType(CertificationProgress.class);
    assertThat(events.get(events.size() - 2))
        .isEqualTo(new JobEvent.PhaseEnded(JobPhase.CERTIFICATION));
    assertThat(events.get(events.size() - 1))
        .isEqualTo(new JobEvent.ModelCertified(outcome.report().summary()));
    assertThat(outcome.report().summary().complete()).isTrue();
    assertThat(outcome.inputs())
        .isEqualTo(
            new JobOutcome.Inputs(outcome.inputs().name(), DataSplit.TEST, OptionalInt.empty()));
  }

  @Test
  void certify_progress_tellsEveryVerdictOnce() {
    certify(INPUTS, conduct(StoreChoice.NONE)).run(context());

    List<CertificationProgress> told = recorded.events(CertificationProgress.class);
    assertThat(told.stream().flatMap(event -> event.fresh().stream()))
        .extracting(verdict -> verdict.property().index())
        .doesNotHaveDuplicates()
        .hasSize(INPUTS);
    assertThat(told.get(told.size() - 1).done()).isEqualTo(INPUTS);
  }

  @Test
  void certify_jsonOfTheOutcome_isThatOfTheReport() {
    JobOutcome.Certified outcome = certify(INPUTS, conduct(StoreChoice.NONE)).run(context());

    assertThat(OutcomeJson.of(outcome))
        .containsEntry("model", model.toString())
        .containsEntry("sha256", outcome.report().sha256())
        .containsEntry("answered", INPUTS)
        .containsEntry("reused", 0);
  }

  @Test
  void certify_usualStore_answersTheSecondTime() {
    certify(INPUTS, conduct(StoreChoice.USUAL)).run(context());
    JobOutcome.Certified second = certify(INPUTS, conduct(StoreChoice.USUAL)).run(context());

    assertThat(second.report().reused().verdicts()).isEqualTo(INPUTS);
    assertThat(OutcomeJson.of(second)).containsEntry("reused", INPUTS);
  }

  @Test
  void certify_tornResults_saysSoAndGoesOn() throws IOException {
    Path out = home.resolve("out.jsonl");
    certify(INPUTS, conduct(out, VerdictFile.Opening.NEW)).run(context());
    String text = Files.readString(out);
    Files.writeString(out, text.substring(0, text.length() - 20));
    long answers =
        text.lines()
            .limit(INPUTS - 1)
            .filter(line -> line.matches(".*\"(certified|misclassified)\".*"))
            .count();
    recorded.clear();

    JobOutcome.Certified resumed =
        certify(INPUTS, conduct(out, VerdictFile.Opening.RESUME)).run(context());

    assertThat(recorded.events(JobEvent.Noted.class))
        .extracting(JobEvent.Noted::message)
        .singleElement()
        .asString()
        .contains(out.toString(), "cut off");
    assertThat(recorded.events(CertificationProgress.class).get(0).done()).isEqualTo(answers);
    assertThat(resumed.report().summary().complete()).isTrue();
    assertThat(Files.readAllLines(out)).hasSize((int) (INPUTS - 1 + INPUTS - answers));
  }

  @Test
  void certify_stopRequestedWhenItBegins_endsInOrderWithWhatCameOut() {
    JobContext context =
        recorded.context(
            event -> {
              if (event.equals(new JobEvent.PhaseBegan(JobPhase.CERTIFICATION))) {
                recorded.stop().request();
              }
            });

    JobOutcome.Certified outcome = certify(400, conduct(StoreChoice.NONE)).run(context);

    assertThat(outcome.report().summary().complete()).isFalse();
    assertThat(recorded.events())
        .contains(
            new JobEvent.Stopping(JobPhase.CERTIFICATION),
            new JobEvent.PhaseEnded(JobPhase.CERTIFICATION));
  }

  @Test
  void certify_moreInputsThanThereAre_notesIt() {
    certify(100_000, conduct(StoreChoice.NONE), List.of(Rung.PREDICT)).run(context());

    assertThat(recorded.events(JobEvent.Noted.class))
        .extracting(JobEvent.Noted::message)
        .singleElement()
        .asString()
        .startsWith("--first is 100000, but");
  }

  @Test
  void certify_gate_decidesTheOutcome() {
    JobSpec.CertifyModel asked = certify(INPUTS, conduct(StoreChoice.NONE));
    JobOutcome.Certified outcome =
        new JobSpec.CertifyModel(
                asked.examination(),
                asked.terms(),
                List.of(Requirement.parse("union>=0.999")),
                asked.conduct())
            .run(context());

    assertThat(outcome.report().decision()).hasValue(Requirement.Decision.REJECTED);
    assertThat(OutcomeJson.of(outcome)).containsEntry("decision", "rejected");
  }

  @Test
  void certify_namedStoreThatIsNone_failsBeforeVerifiersAreAsked() throws IOException {
    Path text = Files.writeString(home.resolve("notes.txt"), "no database ".repeat(200));

    assertThatThrownBy(() -> certify(INPUTS, conduct(StoreChoice.of(text))).run(context()))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("it is no such store");

    assertThat(recorded.phases()).isEmpty();
  }

  @Test
  void attack_model_tellsItsPhaseAndSavesPictures() throws IOException {
    Path pictures = home.resolve("pictures");
    var spec =
        new JobSpec.AttackModel(
            examination(INPUTS, "linf:0.2"),
            AttackStrength.QUICK.attack(),
            new Conduct(
                Optional.empty(),
                StoreChoice.NONE,
                Set.of(),
                Verifiers.USUAL,
                0,
                Optional.of(pictures)));

    JobOutcome.Attacked outcome = spec.run(context());

    assertThat(recorded.phases()).containsExactly(JobPhase.ATTACK);
    int found = outcome.report().summary().count(Outcome.Kind.FALSIFIED);
    assertThat(found).isPositive();
    try (var files = Files.list(pictures)) {
      assertThat(files).hasSize(found);
    }
    assertThat(recorded.events(JobEvent.Said.class))
        .extracting(JobEvent.Said::line)
        .anySatisfy(line -> assertThat(line).contains("adversarial picture"));
    assertThat(OutcomeJson.of(outcome)).containsEntry("attack", "pgd").containsKey("adversarial");
  }

  private JobContext context() {
    return recorded.context();
  }

  private JobSpec.CertifyModel certify(int inputs, Conduct conduct) {
    return certify(inputs, conduct, List.of(Rung.PREDICT, Rung.IBP, Rung.CROWN));
  }

  private JobSpec.CertifyModel certify(int inputs, Conduct conduct, List<Rung> rungs) {
    return new JobSpec.CertifyModel(
        examination(inputs, "linf:0.001"),
        new JobSpec.Terms(rungs, Guarantee.REAL, Duration.ofHours(1)),
        List.of(),
        conduct);
  }

  private Examination examination(int inputs, String threat) {
    return new Examination(
        model,
        new InputChoice(
            new InputSource.Stored("demo", DataSplit.TEST),
            Optional.empty(),
            Optional.of(inputs),
            Optional.empty(),
            new InputChoice.Taken(Optional.empty(), InputScaling.NONE, Optional.empty())),
        List.of(PerturbationSet.parse(threat, true)));
  }

  private static Conduct conduct(StoreChoice store) {
    return new Conduct(Optional.empty(), store, Set.of(), Verifiers.USUAL, 0, Optional.empty());
  }

  private static Conduct conduct(Path out, VerdictFile.Opening opening) {
    return new Conduct(
        Optional.of(new Results.File(out, opening)),
        StoreChoice.NONE,
        Set.of(),
        Verifiers.USUAL,
        0,
        Optional.empty());
  }
}
