package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.objective.BatchPart;
import dev.merlon.model.objective.Plan;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.NativeMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Training against several norms at once. */
class CureLearnerTest {
  private static final String THREE = "objective.threats=[\"linf:0.1\", \"l2:0.6\", \"l1:2.0\"]";
  private static final String QUICK = "objective.regions.linf.attack.steps=2";
  private static final String TWO = "objective.threats=[\"linf:0.1\", \"l2:0.6\"]";

  @AfterEach
  void nothingLeft() {
    assertThat(NativeMemory.openScopes())
        .doesNotContainKeys("learner", "batch", "step", "weights", "adam", "search", "attack");
  }

  @ParameterizedTest
  @CsvSource({
    "cure-joint, float32",
    "cure-max, float64",
    "cure-random, float32",
    "cure-scratch, float64",
    "cure-finetune, float32"
  })
  void steps_everyForm_learnTheSameBitsTwiceAndLeaveTheTensorsTheyFound(
      String kind, String precision) {
    assertLearnsTheSameBitsTwice(
        0.8, "objective.kind=" + kind, TWO, QUICK, "device.precision=" + precision);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cure-joint", "cure-max", "cure-random", "cure-scratch"})
  void steps_threeNorms_lowerTheLoss(String kind) {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=" + kind, THREE, QUICK)) {
      double before = robust(run);
      run.steps(0, 16);
      assertThat(robust(run)).isLessThan(0.8 * before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cure-max", "cure-random"})
  void steps_smallBalls_lowerTheLoss(String kind) {
    try (LearnerFixture run =
        LearnerFixture.of(
            "objective.kind=" + kind,
            TWO,
            QUICK,
            "objective.regions.l2.region=ball",
            "objective.regions.l2.subselection-ratio=0.5")) {
      double before = robust(run);
      run.steps(0, 16);
      assertThat(robust(run)).isLessThan(0.9 * before);
    }
  }

  // The same weights and images: bounds that keep the ball until they reach the input lower the
  // loss over it, but not below the loss at the points of an attack.
  @ParameterizedTest
  @ValueSource(strings = {"cure-joint", "cure-max", "cure-random"})
  void forward_backwardBoundsOfABall_liesBetweenAttackAndIntervals(String kind) {
    double attacked = robustWith(kind, "objective.regions.l2.subselection-ratio=1e-9");
    double backward = robustWith(kind, "objective.regions.l2.bounds=crown-ibp");
    double intervals = robustWith(kind, "objective.regions.l2.bounds=ibp");
    assertThat(backward).isGreaterThan(attacked).isLessThan(intervals - 1e-3);
  }

  private static double robustWith(String kind, String change) {
    try (LearnerFixture run =
        LearnerFixture.of(
            "objective.kind=" + kind,
            TWO,
            QUICK,
            "device.precision=float64",
            "objective.regions.linf.subselection-ratio=1e-9",
            "objective.regions.l2.region=ball",
            "objective.regions.l2.subselection-ratio=1",
            change)) {
      return robust(run);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "cure-joint, float32",
    "cure-max, float64",
    "cure-random, float32",
    "cure-scratch, float32"
  })
  void steps_backwardBounds_learnTheSameBitsTwiceAndLeaveTheTensorsTheyFound(
      String kind, String precision) {
    assertLearnsTheSameBitsTwice(
        0.9,
        "objective.kind=" + kind,
        TWO,
        QUICK,
        "device.precision=" + precision,
        "optimizer.accumulate=2",
        "objective.regions.l2.bounds=crown-ibp",
        "objective.regions.l2.region=ball",
        "objective.regions.l2.subselection-ratio=0.5");
  }

  /** Also that it leaves the tensors it found, and a loss of at most this share of the first. */
  private static void assertLearnsTheSameBitsTwice(double share, String... changes) {
    try (LearnerFixture run = LearnerFixture.of(changes);
        LearnerFixture again = LearnerFixture.of(changes)) {
      double before = robust(run);
      Map<String, Integer> live = NativeMemory.liveTensors();
      run.steps(0, 12);
      again.steps(0, 12);
      assertThat(again.learner().state()).isEqualTo(run.learner().state());
      run.steps(12, 16);
      assertThat(NativeMemory.liveTensors()).isEqualTo(live);
      assertThat(robust(run)).isLessThan(share * before);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cure-joint", "cure-random", "cure-scratch"})
  void steps_microBatchesOfOneImage_train(String kind) {
    try (LearnerFixture run =
        LearnerFixture.of(
            "objective.kind=" + kind,
            "objective.threats=[\"linf:0.01\", \"l2:0.06\", \"l1:0.2\"]",
            "schedule.eps-train=0.01",
            QUICK,
            "network.batch-norm=false",
            "regulariser.weight=0",
            "optimizer.accumulate=6")) {
      Map<String, Integer> live = NativeMemory.liveTensors();
      double before = robust(run);
      run.steps(0, 16);
      assertThat(robust(run)).isLessThan(before);
      assertThat(NativeMemory.liveTensors()).isEqualTo(live);
    }
  }

  @Test
  void steps_partlyNatural_mixBothLosses() {
    try (LearnerFixture run =
        LearnerFixture.of(
            "objective.kind=cure-scratch",
            TWO,
            QUICK,
            "objective.robust-weight.start=0.6",
            "objective.robust-weight.end=0.6")) {
      run.steps(0, 14);
      StepLosses losses = run.forward(14);
      run.learner().abandon();
      double expected = 0.4 * losses.natural() + 0.6 * (losses.robust() + losses.alignment());
      assertThat(losses.total()).isCloseTo(expected, Offset.offset(1e-12));
    }
  }

  // The divergence is measured as soon as something is certified, and without it nothing is.
  @Test
  void losses_alignment_isThereWhereSamplesAreCertified() {
    try (LearnerFixture run = LearnerFixture.of("objective.kind=cure-scratch", TWO, QUICK)) {
      List<StepLosses> all = new ArrayList<>();
      for (long step = 0; step < 16; step++) {
        all.add(run.forward(step));
        run.learner().backward();
        run.learner().update(run.phase(step));
      }
      // The first epoch is natural.
      assertThat(all.subList(0, 4)).allMatch(losses -> losses.alignment() == 0);
      assertThat(all.subList(4, 16)).anyMatch(losses -> losses.alignment() > 0);
      assertThat(all).allMatch(losses -> losses.alignment() >= 0 && losses.isFinite());
    }
  }

  @Test
  void search_random_searchesEachNormForItsPartOfTheBatchOnly() {
    for (int accumulate : new int[] {1, 2, 7}) {
      try (LearnerFixture run =
              new LearnerFixture(
                  7,
                  "objective.kind=cure-random",
                  THREE,
                  QUICK,
                  "batch-size=7",
                  "optimizer.accumulate=" + accumulate);
          AttackedStep step = run.search(14)) {
        int[] searched = new int[3];
        for (AttackedBatch part : step.parts()) {
          for (int attack = 0; attack < 3; attack++) {
            NDArray points = part.points().get(attack);
            BatchPart share = part.plan().attacks().get(attack).share();
            int rows = Math.toIntExact(points.getShape().get(0));
            assertThat(rows).isEqualTo(share.to(part.place()) - share.from(part.place()));
            assertInside(part, attack, rows);
            searched[attack] += rows;
          }
        }
        assertThat(searched).containsExactly(2, 2, 3);
      }
    }
  }

  // The search would be of radius 0 and return the images themselves, in equal bits.
  @ParameterizedTest
  @ValueSource(strings = {"cure-max", "cure-random"})
  void search_wholeBall_leavesTheImagesWhereTheyAre(String kind) {
    try (LearnerFixture run =
            LearnerFixture.of(
                "objective.kind=" + kind,
                TWO,
                QUICK,
                "objective.regions.l2.region=ball",
                "objective.regions.l2.subselection-ratio=1");
        AttackedStep step = run.search(14)) {
      AttackedBatch part = step.parts().get(0);
      Plan.Search search = part.plan().attacks().get(1);
      int from = search.share().from(part.place());
      double[] x = HostTensor.copyOf(part.x()).toDoubles();
      assertThat(search.single()).isTrue();
      assertThat(part.plan().attacks().get(0).single()).isFalse();
      assertThat(HostTensor.copyOf(part.points().get(1)).toDoubles())
          .isEqualTo(Arrays.copyOfRange(x, from * 64, x.length));
    }
  }

  @Test
  void forward_randomOfFewerImagesThanNorms_isFinite() {
    try (LearnerFixture run =
        new LearnerFixture(1, "objective.kind=cure-random", THREE, "network.batch-norm=false")) {
      StepLosses losses = run.forward(14);
      assertThat(losses.isFinite()).isTrue();
      assertThat(losses.robust()).isPositive();
      run.learner().abandon();
    }
  }

  private static void assertInside(AttackedBatch part, int attack, int rows) {
    NormBall set = part.plan().attacks().get(attack).set();
    int from = part.plan().attacks().get(attack).share().from(part.place());
    double[] x = HostTensor.copyOf(part.x()).toDoubles();
    double[] points =
        rows == 0 ? new double[0] : HostTensor.copyOf(part.points().get(attack)).toDoubles();
    int width = 64;
    for (int row = 0; row < rows; row++) {
      double[] change = Arrays.copyOfRange(points, row * width, (row + 1) * width);
      for (int i = 0; i < width; i++) {
        change[i] -= x[(from + row) * width + i];
      }
      assertThat(set.norm().measure(change)).isBetween(0.1 * set.eps(), set.eps() + 1e-9);
    }
  }

  // The radius is final at step 14.
  private static double robust(LearnerFixture run) {
    StepLosses losses =
        run.learner()
            .forward(run.learner().search(SampleRun.batch(14, 6), run.phase(14)), run.phase(14));
    run.learner().abandon();
    assertThat(losses.isFinite()).isTrue();
    return losses.robust();
  }
}
