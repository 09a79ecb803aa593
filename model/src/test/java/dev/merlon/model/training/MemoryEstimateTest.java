package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.Presets;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
import dev.merlon.model.network.Architectures;
import dev.merlon.model.network.Network;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryEstimateTest {
  private static final double MEBIBYTE = 1 << 20;
  private static final long ENGINE = 16 << 20;

  // Growth of the resident memory over three steps on images of 28 by 28 pixels, as
  // StepMemoryBenchmark measures it (Linux x86-64, two threads).
  @ParameterizedTest
  @CsvSource({
    "cnn3, 16, natural, 256, 61",
    "cnn3, 16, ibp, 64, 61",
    "cnn3, 16, ibp, 256, 216",
    "cnn3, 16, sabr, 64, 64",
    "cnn3, 16, sabr, 256, 246",
    "cnn3, 16, taps, 64, 125",
    "cnn3, 16, taps, 256, 507",
    "cnn7, 64, natural, 32, 1004",
    "cnn7, 64, ibp, 32, 1729",
    "cnn7, 64, sabr, 32, 1742"
  })
  void stepBytes_measuredRuns_areNearTheTruth(
      String network, int width, String objective, int batch, double mebibytes) {
    double estimate =
        estimate(
                    "network.preset=" + network,
                    "network.width=" + width,
                    "objective.kind=" + objective,
                    "batch-size=" + batch)
                .stepBytes()
            / MEBIBYTE;
    assertThat(estimate / mebibytes).isBetween(0.9, 1.3);
  }

  // Batches large enough that what the process takes besides does not count; crown at a radius of
  // 0.3 from the first step, where nearly all neurons are unstable.
  @ParameterizedTest
  @CsvSource({
    "cnn3, 16, crown-ibp, 256, 618",
    "cnn3, 16, crown-ibp, 64, 185",
    "cnn5, 8, crown-ibp, 32, 163",
    "cnn3, 16, crown, 16, 552",
    "cnn3, 16, crown, 64, 2201",
    "cnn5, 2, crown, 4, 255",
    "cnn5, 4, crown, 16, 1504",
    "mlp, 256, crown, 128, 884"
  })
  void stepBytes_measuredBackwardPasses_areNotBelowTheTruth(
      String network, int width, String objective, int batch, double mebibytes) {
    double estimate =
        estimate(
                    "network.preset=" + network,
                    "network.width=" + width,
                    "objective.kind=" + objective,
                    "batch-size=" + batch)
                .stepBytes()
            / MEBIBYTE;
    assertThat(estimate / mebibytes).isBetween(1.0, 2.5);
  }

  @Test
  void stepBytes_lossFusion_isBetweenIntervalsAndARowForEachClass() {
    long intervals = estimate("batch-size=256").stepBytes();
    long fused =
        estimate("batch-size=256", "objective.kind=crown-ibp", "objective.loss-fusion=true")
            .stepBytes();
    assertThat(fused)
        .isBetween(
            intervals, estimate("batch-size=256", "objective.kind=crown-ibp").stepBytes() / 2);
  }

  // Its last epochs train on intervals.
  @Test
  void stepBytes_crownIbp_countsTheEpochsWithABackwardPass() {
    assertThat(estimate("objective.kind=crown-ibp").stepBytes())
        .isEqualTo(estimate("objective.kind=crown-ibp", "objective.crown-share.end=1").stepBytes());
  }

  // The natural branch of gradient projection is a natural run beside the certified one.
  @Test
  void stepBytes_gradientProjection_addsANaturalBranch() {
    String[] both = {"objective.kind=cure-scratch", "objective.threats=[\"linf:0.1\",\"l2:0.5\"]"};
    MemoryEstimate merged = estimate(both[0], both[1]);
    MemoryEstimate alone = estimate(both[0], both[1], "objective.projection.weight=0");
    assertThat(merged.stepBytes() - alone.stepBytes())
        .isCloseTo(estimate("objective.kind=natural").stepBytes() - ENGINE, within(2L));
    assertThat(merged.runBytes() - alone.runBytes())
        .isGreaterThan(merged.stepBytes() - alone.stepBytes());
  }

  @Test
  void stepBytes_microBatches_takeWhatASmallerBatchTakes() {
    assertThat(estimate("batch-size=256", "optimizer.accumulate=4").stepBytes())
        .isEqualTo(estimate("batch-size=64").stepBytes());
    assertThat(estimate("batch-size=10", "optimizer.accumulate=3").microBatch()).isEqualTo(4);
  }

  @Test
  void stepBytes_float64_takesTwiceTheTensors() {
    double single = estimate("batch-size=256").stepBytes() / MEBIBYTE - 16;
    double twice =
        estimate("batch-size=256", "device.precision=float64").stepBytes() / MEBIBYTE - 16;
    assertThat(twice / single).isBetween(1.99, 2.01);
  }

  @Test
  void fittingAccumulate_lessAndLessMemory_cutsTheBatchUntilNothingHelps() {
    MemoryEstimate whole = estimate("batch-size=256");
    assertThat(whole.fittingAccumulate(whole.runBytes())).hasValue(1);
    long four = estimate("batch-size=256", "optimizer.accumulate=4").runBytes();
    assertThat(whole.fittingAccumulate(four)).hasValue(4);
    assertThat(whole.fittingAccumulate(four - 1)).hasValue(5);
    assertThat(whole.fittingAccumulate(1)).isEmpty();
  }

  @Test
  void runBytes_everyReducedPreset_fitsAMachineOf16GiB() {
    for (Presets.Preset preset : Presets.list()) {
      if (preset.name().endsWith("-small")) {
        RunSettings settings = Presets.load(preset.name());
        assertThat(MemoryEstimate.of(settings, network(settings)).runBytes())
            .as(preset.name())
            .isLessThan(16L << 30);
      }
    }
  }

  private static Network network(RunSettings settings) {
    return switch (settings.data().kind()) {
      case MNIST -> network(settings, new Shape(1, 28, 28), 10);
      case CIFAR10 -> network(settings, new Shape(3, 32, 32), 10);
      case TINYIMAGENET -> network(settings, new Shape(3, 56, 56), 200);
      default -> throw new AssertionError(settings.name() + " has other data");
    };
  }

  private static Network network(RunSettings settings, Shape image, int classes) {
    return Architectures.build(settings.network(), settings.batchNorm().momentum(), image, classes);
  }

  private static MemoryEstimate estimate(String... changes) {
    List<String> overrides = new ArrayList<>(List.of("network.mean=[]", "network.std=[]"));
    overrides.addAll(List.of(changes));
    RunSettings settings = Settings.parse("", "test", overrides);
    return MemoryEstimate.of(
        settings, Architectures.build(settings.network(), 0.1, new Shape(1, 28, 28), 10));
  }
}
