package dev.merlon.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.actors.event.JobEvent;
import dev.merlon.actors.event.JobPhase;
import dev.merlon.actors.event.TrainingProgress;
import dev.merlon.actors.report.SolvingExactly;
import dev.merlon.actors.run.RunDirectory;
import dev.merlon.actors.training.TrainingOutcome;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingJobTest {
  private static final List<String> SMALL =
      List.of(
          "network.width=2",
          "data.train-limit=64",
          "data.test-limit=5",
          "epochs=1",
          "schedule.end-epoch=1",
          "optimizer.decay-epochs=[]",
          "batch-size=16",
          "evaluation.rungs=ibp");

  @TempDir private Path home;
  private RecordedJob recorded = new RecordedJob(Path.of(""));

  @BeforeEach
  void record() {
    recorded = new RecordedJob(home.resolve("store/certificates.db"));
  }

  @Test
  void run_smallRun_tellsItsPhasesInOrderAndGivesWhatCameOut() {
    JobOutcome.Trained outcome = train(event -> {}, SMALL);

    assertThat(recorded.phases())
        .containsExactly(JobPhase.TRAINING, JobPhase.CERTIFICATION, JobPhase.MEASURING);
    assertThat(recorded.events().get(0)).isInstanceOf(JobEvent.TrainingPrepared.class);
    assertThat(recorded.events()).hasAtLeastOneElementOfType(TrainingProgress.EpochCompleted.class);
    assertThat(recorded.events()).hasAtLeastOneElementOfType(CertificationProgress.class);
    assertThat(outcome.training()).isInstanceOf(TrainingOutcome.Completed.class);
    assertThat(outcome.evaluation().orElseThrow().report().summary().complete()).isTrue();
    assertThat(outcome.page())
        .containsInstanceOf(JobOutcome.Page.There.class)
        .map(page -> ((JobOutcome.Page.There) page).written().page())
        .hasValue(run().report().page());
    assertThat(run().certificates()).exists();
    assertThat(run().report().summary()).exists();
  }

  @Test
  void run_stoppedWhileItTrains_keepsACheckpointAndCertifiesNothing() {
    JobOutcome.Trained outcome =
        train(
            event -> {
              if (event instanceof TrainingProgress.Stepped) {
                recorded.stop().request();
              }
            },
            with(SMALL, "epochs=50", "schedule.end-epoch=50"));

    assertThat(outcome.training())
        .isInstanceOfSatisfying(
            TrainingOutcome.Stopped.class,
            stopped -> assertThat(stopped.checkpoint().orElseThrow()).exists());
    assertThat(outcome.evaluation()).isEmpty();
    assertThat(outcome.page()).isEmpty();
    assertThat(recorded.events()).contains(new JobEvent.Stopping(JobPhase.TRAINING));
    assertThat(recorded.phases()).containsExactly(JobPhase.TRAINING);
  }

  @Test
  void run_stoppedWhileItCertifies_hasARunWithoutPage() {
    JobOutcome.Trained outcome =
        train(
            event -> {
              if (event.equals(new JobEvent.PhaseBegan(JobPhase.CERTIFICATION))) {
                recorded.stop().request();
              }
            },
            with(SMALL, "data.test-limit=400"));

    assertThat(outcome.training()).isInstanceOf(TrainingOutcome.Completed.class);
    assertThat(outcome.evaluation().orElseThrow().report().summary().complete()).isFalse();
    assertThat(outcome.page()).isEmpty();
    assertThat(recorded.events()).contains(new JobEvent.Stopping(JobPhase.CERTIFICATION));
  }

  @Test
  void run_sameResultAgain_takesItsVerdictsFromTheStore() throws IOException {
    JobOutcome.Trained first = train(event -> {}, SMALL);
    List<String> lines = Files.readAllLines(run().certificates());
    Files.move(run().path(), home.resolve("first"));

    JobOutcome.Trained second = train(event -> {}, SMALL);
    Files.move(run().path(), home.resolve("second"));
    JobOutcome.Trained attacked = train(event -> {}, with(SMALL, "evaluation.attack.steps=3"));

    int verdicts = lines.size();
    assertThat(OutcomeJson.of(first)).containsEntry("reused", 0);
    assertThat(OutcomeJson.of(second)).containsEntry("reused", verdicts);
    for (String figure : List.of("natural", "adversarial", "certified", "union")) {
      assertThat(OutcomeJson.of(second).get(figure)).isEqualTo(OutcomeJson.of(first).get(figure));
    }
    assertThat(home.resolve("second/certificates.jsonl"))
        .content()
        .satisfies(text -> assertThat(text.lines()).containsExactlyInAnyOrderElementsOf(lines));
    assertThat(attacked.evaluation().orElseThrow().report().reused().verdicts())
        .isLessThan(verdicts);
  }

  @Test
  void run_withoutStore_looksUpAndKeepsNothing() {
    train(event -> {}, SMALL, StoreChoice.NONE);

    assertThat(home.resolve("store")).doesNotExist();
  }

  @Test
  void run_namedStoreThatIsNone_failsBeforeAnythingIsMade() throws IOException {
    Path text = Files.writeString(home.resolve("notes.txt"), "no database ".repeat(200));

    assertThatThrownBy(() -> train(event -> {}, SMALL, StoreChoice.of(text)))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("it is no such store");

    assertThat(run().path()).doesNotExist();
    assertThat(recorded.phases()).isEmpty();
  }

  @Test
  void run_noThreats_failsBeforeAnythingIsMade() {
    assertThatThrownBy(() -> train(event -> {}, with(SMALL, "evaluation.threats=[]")))
        .isInstanceOf(MerlonException.class);

    assertThat(run().path()).doesNotExist();
  }

  @Test
  void reportRuns_measuredRun_writesThePageAgain() {
    train(event -> {}, SMALL);
    recorded.clear();
    Path out = home.resolve("page");
    var spec =
        new JobSpec.ReportRuns(
            List.of(run().path()),
            Optional.empty(),
            5,
            new SolvingExactly.Extent(0, Duration.ofSeconds(1)),
            Optional.of(out));

    JobOutcome outcome = spec.run(recorded.context());

    assertThat(outcome)
        .isInstanceOfSatisfying(
            JobOutcome.Reported.class,
            reported -> {
              assertThat(reported.written().page()).isEqualTo(out.resolve("index.html")).exists();
              assertThat(reported.runs()).containsExactly(run().path());
            });
  }

  @Test
  void reportRuns_stopRequestedBefore_keepsNoPage() {
    train(event -> {}, SMALL);
    recorded.stop().request();
    Path out = home.resolve("page");
    var spec =
        new JobSpec.ReportRuns(
            List.of(run().path()),
            Optional.empty(),
            5,
            new SolvingExactly.Extent(0, Duration.ofSeconds(1)),
            Optional.of(out));

    assertThat(spec.run(recorded.context())).isEqualTo(new JobOutcome.ReportStopped());
    assertThat(out).doesNotExist();
  }

  private JobOutcome.Trained train(Consumer<JobEvent> watcher, List<String> settings) {
    return train(watcher, settings, StoreChoice.USUAL);
  }

  private JobOutcome.Trained train(
      Consumer<JobEvent> watcher, List<String> settings, StoreChoice store) {
    var spec =
        new JobSpec.TrainRun(
            Settings.load("demo", settings),
            Optional.empty(),
            run(),
            false,
            Optional.empty(),
            store,
            new Invocation("merlon train demo", "test"));
    return spec.run(recorded.context(watcher));
  }

  private RunDirectory run() {
    return new RunDirectory(home.resolve("run"));
  }

  private static List<String> with(List<String> settings, String... others) {
    List<String> all = new ArrayList<>(settings);
    all.addAll(List.of(others));
    return all;
  }
}
