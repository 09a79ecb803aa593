package dev.merlon.model.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AttackLossTest {
  private static final int SAMPLES = 40;
  private static final int CLASSES = 6;

  private final SplittableRandom random = new SplittableRandom(4);
  private final double[] logits = random.doubles((long) SAMPLES * CLASSES, -3, 3).toArray();
  private final int[] labels = random.ints(SAMPLES, 0, CLASSES).toArray();
  private final int[] targets =
      Arrays.stream(labels)
          .map(label -> (label + 1 + random.nextInt(CLASSES - 1)) % CLASSES)
          .toArray();
  private Scope scope;

  @BeforeEach
  void open() {
    scope = Scope.open("test");
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @ParameterizedTest
  @EnumSource
  void of_drawnLogits_isThePapersFormula(AttackLoss loss) {
    double[] found = values(loss, logits);
    for (int n = 0; n < SAMPLES; n++) {
      double[] z = Arrays.copyOfRange(logits, n * CLASSES, (n + 1) * CLASSES);
      assertThat(found[n]).isCloseTo(plain(loss, z, labels[n], targets[n]), within(1e-9));
    }
  }

  @ParameterizedTest
  @EnumSource
  void of_gradient_isThatOfDifferences(AttackLoss loss) {
    double[] gradient =
        Autograd.recording(
            () -> {
              NDArray leaf = scope.leaf(tensor(logits));
              Autograd.backward(of(loss, leaf).sum());
              return HostTensor.copyOf(Autograd.gradient(leaf)).toDoubles();
            });
    double step = 1e-6;
    for (int i = 0; i < logits.length; i++) {
      double[] z = Arrays.copyOfRange(logits, i / CLASSES * CLASSES, (i / CLASSES + 1) * CLASSES);
      int n = i / CLASSES;
      z[i % CLASSES] += step;
      double up = plain(loss, z, labels[n], targets[n]);
      z[i % CLASSES] -= 2 * step;
      double down = plain(loss, z, labels[n], targets[n]);
      double difference = (up - down) / (2 * step);
      assertThat(gradient[i]).isCloseTo(difference, within(1e-5 * (1 + Math.abs(difference))));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LOGITS_RATIO", "TARGETED_LOGITS_RATIO"})
  void of_scaledAndShiftedLogits_isTheSame(AttackLoss loss) {
    double[] changed = Arrays.stream(logits).map(z -> 1000 * z + 7).toArray();
    assertThat(values(loss, changed)).containsExactly(values(loss, logits), within(1e-9));
    assertThat(values(AttackLoss.CROSS_ENTROPY, changed))
        .isNotEqualTo(values(AttackLoss.CROSS_ENTROPY, logits));
  }

  @ParameterizedTest
  @EnumSource
  void of_equalLogits_isANumber(AttackLoss loss) {
    double[] equal = new double[SAMPLES * CLASSES];
    Arrays.fill(equal, 2.5);
    assertThat(Arrays.stream(values(loss, equal))).allMatch(Double::isFinite);
  }

  @Test
  void of_logitsRatio_isPositiveExactlyWhereTheLabelIsNotTheBest() {
    double[] found = values(AttackLoss.LOGITS_RATIO, logits);
    int wrong = 0;
    for (int n = 0; n < SAMPLES; n++) {
      double[] z = Arrays.copyOfRange(logits, n * CLASSES, (n + 1) * CLASSES);
      boolean best = Arrays.stream(z).max().orElseThrow() == z[labels[n]];
      assertThat(found[n] > 0).isEqualTo(!best);
      wrong += best ? 0 : 1;
    }
    assertThat(wrong).isBetween(1, SAMPLES - 1);
  }

  private static double plain(AttackLoss loss, double[] z, int label, int target) {
    double[] sorted = Arrays.stream(z).map(v -> -v).sorted().map(v -> -v).toArray();
    double other = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < z.length; k++) {
      other = k == label ? other : Math.max(other, z[k]);
    }
    return switch (loss) {
      case CROSS_ENTROPY -> Math.log(Arrays.stream(z).map(Math::exp).sum()) - z[label];
      case LOGITS_RATIO -> -(z[label] - other) / (sorted[0] - sorted[2]);
      case TARGETED_LOGITS_RATIO ->
          -(z[label] - z[target]) / (sorted[0] - 0.5 * (sorted[2] + sorted[3]));
    };
  }

  private double[] values(AttackLoss loss, double[] of) {
    return HostTensor.copyOf(of(loss, tensor(of))).toDoubles();
  }

  private NDArray of(AttackLoss loss, NDArray z) {
    NDArray label = Margins.oneHot(scope.labels(labels), CLASSES, DataType.FLOAT64);
    NDArray target = Margins.oneHot(scope.labels(targets), CLASSES, DataType.FLOAT64);
    return loss.of(z, label, target);
  }

  private NDArray tensor(double... values) {
    return scope.tensor(values, DataType.FLOAT64, SAMPLES, CLASSES);
  }
}
