package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.merlon.actors.event.EpochMetrics;
import dev.merlon.model.checkpoint.RunCursor;
import dev.merlon.model.file.LineWriter;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.Adam;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.StepLosses;
import dev.merlon.model.training.StepReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLedgerTest {
  private static final LearnerState STATE =
      new LearnerState(new ParameterValues(Map.of()), new Adam.State(0, Map.of(), Map.of()));
  @TempDir private Path directory;
  private RunPlan plan;
  private RunLedger ledger;

  @BeforeEach
  void openLedger() {
    var request = TinyRun.request(TinyRun.settings(), directory, false);
    plan = RunPreparation.prepare(request, TinyRun.parts());
    ledger = new RunLedger(plan, 2);
  }

  @AfterEach
  void closePlan() {
    plan.files().close();
  }

  @Test
  void add_steps_weighsThemByTheirImages() {
    ledger.add(step(0, 1.0, 30, 15));
    ledger.add(step(1, 4.0, 10, 10));

    EpochMetrics metrics = ledger.metrics();

    assertThat(metrics.epoch()).isEqualTo(1);
    assertThat(metrics.steps()).isEqualTo(2);
    assertThat(metrics.loss()).isCloseTo(1.75, within(1e-12));
    assertThat(metrics.naturalAccuracy()).isEqualTo(0.625);
    assertThat(metrics.gradientNorm()).isEqualTo(3);
    assertThat(metrics.elapsed()).isEqualTo(Duration.ofSeconds(4));
    assertThat(metrics.imagesPerSecond()).isEqualTo(10);
    assertThat(metrics.eps()).isEqualTo(plan.schedules().phase(1).eps());
  }

  @Test
  void add_everySecondStep_givesALine() {
    List<Optional<String>> lines =
        List.of(
            ledger.add(step(0, 1, 32, 1)),
            ledger.add(step(1, 1, 32, 1)),
            ledger.add(step(2, 1, 32, 1)));

    assertThat(lines).extracting(Optional::isPresent).containsExactly(false, true, false);
    assertThat(ledger.metricsBytes()).isEqualTo(LineWriter.bytes(lines.get(1).orElseThrow()));
  }

  @Test
  void rollBack_afterMoreSteps_returnsToTheLastSnapshotExactly() {
    ledger.add(step(0, 1, 32, 20));
    ledger.add(step(1, 2, 32, 20));
    var kept = ledger.keep(STATE);
    EpochMetrics metrics = ledger.metrics();
    ledger.add(step(2, 3, 32, 20));
    ledger.add(step(3, 4, 32, 20));

    ledger.rollBack();

    assertThat(ledger.cursor()).isEqualTo(new RunCursor(0, 2, 2));
    assertThat(ledger.metrics()).isEqualTo(metrics);
    assertThat(ledger.metricsBytes()).isEqualTo(kept.metricsBytes());
    assertThat(ledger.keep(STATE)).isEqualTo(kept);
  }

  @Test
  void rollBack_nothingKept_returnsToTheStart() {
    ledger.add(step(0, 1, 32, 20));
    ledger.add(step(1, 1, 32, 20));

    ledger.rollBack();

    assertThat(ledger.cursor()).isEqualTo(RunCursor.START);
    assertThat(ledger.metricsBytes()).isZero();
  }

  @Test
  void closeEpoch_afterItsSteps_beginsTheNextWithNothing() {
    for (int i = 0; i < TinyRun.STEPS_PER_EPOCH; i++) {
      ledger.add(step(i, 1, 32, 20));
    }

    String line = ledger.closeEpoch(Optional.empty(), Optional.empty());

    assertThat(line).contains("\"event\":\"epoch\"", "\"epoch\":1,", "\"step\":5,");
    assertThat(ledger.cursor()).isEqualTo(new RunCursor(1, 0, 5));
    ledger.add(step(5, 9, 32, 32));
    assertThat(ledger.metrics().loss()).isEqualTo(9);
  }

  private StepCompleted step(long globalStep, double loss, int size, int correct) {
    return new StepCompleted(
        plan.schedules().phase(globalStep),
        new StepLosses(loss, loss, loss, 0, size, correct, 0),
        new StepReport(3, globalStep + 1),
        Duration.ofSeconds(2),
        Optional.empty());
  }
}
