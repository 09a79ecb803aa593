package dev.merlon.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.attack.AttackStrength;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.runtime.RuntimeSession;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Verdicts about models with one output, held against points of the set. */
class ThresholdSoundnessTest {
  private static final int INPUTS = 4;
  private static final int HIDDEN = 5;
  private static final int POINTS = 400;
  private static final double RADIUS = 0.08;

  private enum End {
    NONE(x -> x),
    SIGMOID(x -> 1 / (1 + Math.exp(-x))),
    TANH(Math::tanh);

    @SuppressWarnings("ImmutableEnumChecker") // The functions have no state.
    private final DoubleUnaryOperator function;

    End(DoubleUnaryOperator function) {
      this.function = function;
    }
  }

  /** One hidden layer and one output. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Drawn(double[] first, double[] bias, double[] last, End end) {
    static Drawn of(SplittableRandom random, End end) {
      return new Drawn(
          values(random, INPUTS * HIDDEN), values(random, HIDDEN), values(random, HIDDEN), end);
    }

    private static double[] values(SplittableRandom random, int count) {
      double[] values = new double[count];
      Arrays.setAll(values, i -> (float) (2 * random.nextDouble() - 1));
      return values;
    }

    byte[] file() {
      HandWritten model =
          HandWritten.of(-1, 1, 2, 2)
              .values("w", first, INPUTS, HIDDEN)
              .values("b", bias, HIDDEN)
              .values("v", last, HIDDEN, 1)
              .then("Flatten", List.of())
              .then("Gemm", List.of("w", "b"))
              .then("Relu", List.of())
              .then("MatMul", List.of("v"));
      return switch (end) {
        case NONE -> model.ending(-1, 1);
        case SIGMOID -> model.then("Sigmoid", List.of()).ending(-1, 1);
        case TANH -> model.then("Tanh", List.of()).ending(-1, 1);
      };
    }

    double at(float[] x) {
      double sum = 0;
      for (int h = 0; h < HIDDEN; h++) {
        double z = bias[h];
        for (int i = 0; i < INPUTS; i++) {
          z += x[i] * first[i * HIDDEN + h];
        }
        sum += last[h] * Math.max(0, z);
      }
      return end.function.applyAsDouble(sum);
    }
  }

  @Test
  void verify_thresholdsNearTheOutputs_noVerdictThatAPointContradicts() {
    SplittableRandom random = new SplittableRandom(17);
    Map<Outcome.Kind, int[]> seen = new EnumMap<>(Outcome.Kind.class);
    for (int number = 0; number < 12; number++) {
      Drawn drawn = Drawn.of(random, End.values()[number % 3]);
      Norm norm = Norm.of(List.of("linf", "l2", "l1").get(number / 3 % 3));
      NormBall set = new NormBall(norm, RADIUS, true);
      float[] x = point(random);
      float[][] points = points(random, set, x);
      double least = Arrays.stream(points).mapToDouble(drawn::at).min().orElseThrow();
      double most = Arrays.stream(points).mapToDouble(drawn::at).max().orElseThrow();
      double wide = most - least;
      // Outside of what the points reach by more or less, and inside.
      for (double at :
          new double[] {
            least - wide,
            least - 0.02 * wide,
            least + 0.05 * wide,
            most - 0.05 * wide,
            most + 0.02 * wide,
            most + wide
          }) {
        BigDecimal threshold = new BigDecimal(at).setScale(5, RoundingMode.HALF_EVEN);
        Verdict verdict = verdict(drawn.file(), threshold, x, set);
        judge(verdict, drawn, threshold, points);
        seen.computeIfAbsent(verdict.kind(), kind -> new int[2])[verdict.property().label()]++;
      }
    }
    for (Outcome.Kind kind : List.of(Outcome.Kind.CERTIFIED, Outcome.Kind.FALSIFIED)) {
      int[] ofLabels = seen.get(kind);
      assertThat(ofLabels[0]).as(kind + " with label 0").isGreaterThanOrEqualTo(5);
      assertThat(ofLabels[1]).as(kind + " with label 1").isGreaterThanOrEqualTo(5);
    }
    assertThat(seen).doesNotContainKeys(Outcome.Kind.CONFLICT, Outcome.Kind.MISCLASSIFIED);
  }

  private static void judge(Verdict verdict, Drawn drawn, BigDecimal threshold, float[][] points) {
    int label = verdict.property().label();
    double side = label == 1 ? 1 : -1;
    verdict
        .margins()
        .ifPresent(
            margins -> {
              double least =
                  Arrays.stream(points)
                      .mapToDouble(each -> side * (drawn.at(each) - threshold.doubleValue()))
                      .min()
                      .orElseThrow();
              assertThat(margins.against(1 - label)).isLessThanOrEqualTo(least + 1e-9);
            });
    verdict
        .outcome()
        .counterexample()
        .ifPresent(
            found -> {
              assertThat(runtimeClass(drawn.file(), threshold, found.point())).isEqualTo(1 - label);
            });
  }

  @Test
  void verify_outputReachesTheThreshold_classZeroIsNeverCertified() {
    // 0.5 - relu(0.5 - x): at most 0.5.
    byte[] file = hinge(-1, 0.5, -1, 0.5);
    NormBall set = new NormBall(Norm.of("linf"), 0.25, true);

    Verdict reaching = verdict(file, new BigDecimal("0.5"), 0, set, 0.75f);
    Verdict beyond = verdict(file, new BigDecimal("0.500001"), 0, set, 0.75f);

    assertThat(reaching.predicted()).hasValue(0);
    assertThat(reaching.kind()).isEqualTo(Outcome.Kind.UNKNOWN);
    assertThat(beyond.kind()).isEqualTo(Outcome.Kind.CERTIFIED);
  }

  @Test
  void verify_tieInTheSet_refutesClassOne() {
    // 0.5 + relu(x - 0.5): 0.5 for small x, never below.
    byte[] file = hinge(1, -0.5, 1, 0.5);
    NormBall set = new NormBall(Norm.of("linf"), 0.3, true);

    Verdict tie = verdict(file, new BigDecimal("0.5"), 1, set, 0.75f);
    Verdict below = verdict(file, new BigDecimal("0.499999"), 1, set, 0.75f);
    Verdict asked = verdict(file, new BigDecimal("0.5"), 1, set, 0.5f);

    assertThat(tie.kind()).isEqualTo(Outcome.Kind.FALSIFIED);
    assertThat(
            runtimeClass(
                file, new BigDecimal("0.5"), tie.outcome().counterexample().orElseThrow().point()))
        .isZero();
    assertThat(below.kind()).isEqualTo(Outcome.Kind.CERTIFIED);
    assertThat(asked.kind()).isEqualTo(Outcome.Kind.MISCLASSIFIED);
    assertThat(asked.predicted()).hasValue(0);
  }

  @Test
  void verify_thresholdThatNoDoubleHolds_marginsAreNotAboveTheExactOnes() {
    // The output is 0.1 in float32 everywhere.
    byte[] file = hinge(0, -1, 1, 0.1);
    BigDecimal output = new BigDecimal("0.100000001490116119384765625");
    NormBall set = new NormBall(Norm.of("linf"), 0.25, true);
    for (String off : List.of("1e-20", "-3e-18", "1e-9")) {
      BigDecimal threshold = output.add(new BigDecimal(off));
      int label = threshold.compareTo(output) < 0 ? 1 : 0;
      for (Guarantee guarantee : Guarantee.values()) {
        Verdict verdict = verdict(file, threshold, label, set, guarantee, 0.5f);

        assertThat(verdict.predicted()).hasValue(label);
        double bound = verdict.margins().orElseThrow().against(1 - label);
        assertThat(new BigDecimal(bound)).isLessThanOrEqualTo(threshold.subtract(output).abs());
      }
    }
  }

  @Test
  void verify_float64OutputThatFloat32WouldRoundToTheThreshold_isNotRounded() {
    // 0.5 + 2^-40 and 0.5 - 2^-40 are 0.5 in float32.
    for (int side : new int[] {1, -1}) {
      byte[] file = wide(side, 0.5 + side * 0x1p-40);
      NormBall set = new NormBall(Norm.of("linf"), 0.25, true);
      int label = side > 0 ? 1 : 0;
      BigDecimal threshold = new BigDecimal("0.5");

      for (Guarantee guarantee : List.of(Guarantee.NOMINAL, Guarantee.REAL)) {
        Verdict same = verdict(file, threshold, label, set, guarantee, 0f);
        Verdict other = verdict(file, threshold, 1 - label, set, guarantee, 0f);

        assertThat(same.predicted()).hasValue(label);
        assertThat(same.kind()).isEqualTo(Outcome.Kind.CERTIFIED);
        assertThat(same.margins().orElseThrow().against(1 - label))
            .isBetween(Double.MIN_VALUE, 0x1p-40);
        assertThat(other.kind()).isEqualTo(Outcome.Kind.MISCLASSIFIED);
      }
    }
  }

  @Test
  void verify_float64OutputAtTheThreshold_isClassZeroAndNotCertified() {
    byte[] file = wide(-1, 0.5);
    NormBall set = new NormBall(Norm.of("linf"), 0.25, true);
    BigDecimal threshold = new BigDecimal("0.5");

    for (Guarantee guarantee : List.of(Guarantee.NOMINAL, Guarantee.REAL)) {
      Verdict tie = verdict(file, threshold, 0, set, guarantee, 0f);
      Verdict one = verdict(file, threshold, 1, set, guarantee, 0f);

      assertThat(tie.predicted()).hasValue(0);
      assertThat(tie.kind()).isEqualTo(Outcome.Kind.UNKNOWN);
      assertThat(one.kind()).isEqualTo(Outcome.Kind.MISCLASSIFIED);
    }
  }

  /** {@code slope x + c} of the only pixel, in float64. */
  private static byte[] wide(double slope, double c) {
    return HandWritten.wide(-1, 1, 1, 1)
        .values("w", new double[] {slope}, 1, 1)
        .values("c", new double[] {c}, 1)
        .then("Flatten", List.of())
        .then("Gemm", List.of("w", "c"))
        .ending(-1, 1);
  }

  /** {@code weight relu(a x + b) + c} of the first pixel. */
  private static byte[] hinge(double a, double b, double weight, double c) {
    return HandWritten.of(-1, 1, 1, 1)
        .values("a", new double[] {a}, 1, 1)
        .values("b", new double[] {b}, 1)
        .values("v", new double[] {weight}, 1, 1)
        .values("c", new double[] {c}, 1)
        .then("Flatten", List.of())
        .then("Gemm", List.of("a", "b"))
        .then("Relu", List.of())
        .then("Gemm", List.of("v", "c"))
        .ending(-1, 1);
  }

  private static Verdict verdict(byte[] file, BigDecimal threshold, float[] x, NormBall set) {
    return verdict(file, threshold, runtimeClass(file, threshold, x), set, x);
  }

  private static Verdict verdict(
      byte[] file, BigDecimal threshold, int label, NormBall set, float... x) {
    return verdict(file, threshold, label, set, Guarantee.REAL, x);
  }

  private static Verdict verdict(
      byte[] file, BigDecimal threshold, int label, NormBall set, Guarantee guarantee, float... x) {
    ImportedModel model =
        OnnxImport.parse(file, "m").classifying(Optional.of(Threshold.of(threshold)));
    Effort effort =
        Effort.of(List.of(Rung.values()), AttackStrength.QUICK.attack(), 1, Duration.ofHours(1))
            .crossChecked();
    Query query = Query.of(0, x, label, new Question(set, guarantee));
    try (LadderVerifier verifier = LadderVerifier.open(model, new Limits(100, 1 << 22, 1))) {
      return verifier.verify(List.of(query), effort).get(0);
    }
  }

  /** By the whole file and the decimal itself. */
  private static int runtimeClass(byte[] file, BigDecimal threshold, float[] x) {
    try (RuntimeSession session = RuntimeSession.open(file, 1)) {
      return new BigDecimal(session.outputs(x, 1)[0][0]).compareTo(threshold) > 0 ? 1 : 0;
    }
  }

  private static float[] point(SplittableRandom random) {
    float[] x = new float[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      x[i] = (float) random.nextDouble();
    }
    return x;
  }

  /** Points of the set: half of them at its border where the clip allows it. */
  private static float[][] points(SplittableRandom random, NormBall set, float[] x) {
    float[][] points = new float[POINTS][];
    for (int n = 0; n < POINTS; n++) {
      double[] direction = new double[INPUTS];
      Arrays.setAll(direction, i -> 2 * random.nextDouble() - 1);
      if (n % 4 == 0) {
        Arrays.setAll(direction, i -> Math.signum(direction[i]));
      } else if (n % 4 == 1) {
        int only = random.nextInt(INPUTS);
        Arrays.setAll(direction, i -> i == only ? Math.signum(direction[i]) : 0);
      }
      double scale = set.eps() * 0.999999 / set.norm().measure(direction);
      double share = n % 2 == 0 ? scale : scale * random.nextDouble();
      points[n] = new float[INPUTS];
      for (int i = 0; i < INPUTS; i++) {
        points[n][i] = (float) Math.max(0, Math.min(1, x[i] + share * direction[i]));
      }
    }
    return points;
  }
}
