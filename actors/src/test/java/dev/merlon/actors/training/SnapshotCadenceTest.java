package dev.merlon.actors.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.CheckpointSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SnapshotCadenceTest {
  private final AtomicLong clock = new AtomicLong();

  @Test
  void isDue_bySteps_atMultiplesAndEpochEnds() {
    assertThat(due(new CheckpointSettings(Duration.ZERO, 0, 1), 4, 10, 20))
        .containsExactly(4L, 8L, 10L, 12L, 16L, 20L);
  }

  @Test
  void isDue_checkpointSteps_areIncluded() {
    assertThat(due(new CheckpointSettings(Duration.ZERO, 7, 1), 100, 100, 20))
        .containsExactly(7L, 14L);
  }

  @Test
  void isDue_byTime_onceAndThenAfterTheNextInterval() {
    SnapshotCadence cadence =
        new SnapshotCadence(
            100, new CheckpointSettings(Duration.ofSeconds(2), 0, 1), 100, clock::get);

    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(cadence.isDue(1)).isFalse();
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(cadence.isDue(2)).isTrue();
    assertThat(cadence.isDue(3)).isFalse();
  }

  private List<Long> due(
      CheckpointSettings checkpoints, int snapshotSteps, int stepsPerEpoch, int steps) {
    SnapshotCadence cadence =
        new SnapshotCadence(snapshotSteps, checkpoints, stepsPerEpoch, clock::get);
    return LongStream.rangeClosed(1, steps).filter(cadence::isDue).boxed().toList();
  }
}
