package dev.merlon.model.verify;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackMethod;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Norms;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.runtime.RuntimePredictor;
import dev.merlon.model.verify.verdict.LadderPhase;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How queries are grouped, cut into slices and handed from verifier to verifier does not matter.
 */
class SlicesTest {
  private static final int SIDE = 6;
  private static final int CLASSES = 4;
  private static final int INPUTS = 6;
  private static final List<Rung> SEARCHES =
      List.of(Rung.IBP, Rung.CROWN_IBP, Rung.PGD, Rung.CROWN, Rung.TARGETED_PGD);
  private static final Limits LIMITS = new Limits(16, 64 << 20, 1);

  private ImportedModel model;
  private List<Query> queries;

  @BeforeEach
  void draw() {
    Random random = new Random(3);
    model = OnnxImport.parse(network(random), "slices");
    queries = new ArrayList<>();
    double[] radii = {0.02, 0.1, 0.3};
    try (RuntimePredictor predictor = RuntimePredictor.open(model, 1)) {
      for (int index = 0; index < INPUTS; index++) {
        float[] x = uniform(random, SIDE * SIDE, 0, 1);
        int label = predictor.classes(x, 1)[0];
        for (var norm : Norms.ALL) {
          double scale = norm.ballIsBox() ? 1 : norm.name().equals("l2") ? 3 : 9;
          double eps = radii[index % radii.length] * scale;
          Question asked = new Question(new NormBall(norm, eps, true), Guarantee.REAL);
          int wanted = index == 5 ? (label + 1) % CLASSES : label;
          queries.add(Query.of(index, x, wanted, asked));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(AttackMethod.class)
  void verify_otherSlices_sameVerdictsAndSameCounterexamples(AttackMethod method) {
    Effort effort = effort(SEARCHES, method);
    Map<Query, Verdict> whole = inOneGo(effort);
    assertThat(kinds(whole))
        .contains(Outcome.Kind.CERTIFIED, Outcome.Kind.FALSIFIED, Outcome.Kind.MISCLASSIFIED);
    for (int seed = 0; seed < 2; seed++) {
      Random random = new Random(seed);
      IdentityHashMap<Query, Verdict> cut = new IdentityHashMap<>();
      try (Verifier verifier = LadderVerifier.open(model, LIMITS)) {
        for (List<Pending> slice : slices(fresh(), random, 9)) {
          collect(verifier.verify(slice, effort, () -> false), cut);
        }
      }
      assertSame(cut, whole);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void verify_phaseByPhaseByOthers_sameVerdictsAsInOneGo(boolean interrupted) {
    for (List<Rung> rungs :
        List.of(List.of(Rung.values()), List.of(Rung.IBP, Rung.PGD, Rung.CROWN, Rung.BAB))) {
      Effort effort = effort(rungs, AttackMethod.PGD);
      Map<Query, Verdict> whole = inOneGo(effort);
      Random random = new Random(17);
      IdentityHashMap<Query, Verdict> staged = new IdentityHashMap<>();
      List<Pending> left = fresh();
      for (LadderPhase phase : LadderPhase.values()) {
        left = phase(left, effort.upTo(phase), interrupted, random, staged);
      }
      assertThat(left).isEmpty();
      assertSame(staged, whole);
    }
  }

  // Slices go to verifiers in turn; what one gives back because it was stopped goes on elsewhere.
  private List<Pending> phase(
      List<Pending> pending,
      Effort effort,
      boolean interrupted,
      Random random,
      Map<Query, Verdict> into) {
    List<Pending> done = new ArrayList<>();
    try (Verifier one = LadderVerifier.open(model, LIMITS);
        Verifier two = LadderVerifier.open(model, LIMITS)) {
      for (List<Pending> slice : slices(pending, random, 12)) {
        Verifier first = random.nextBoolean() ? one : two;
        Verifier other = first == one ? two : one;
        int looks = interrupted ? random.nextInt(6) : Integer.MAX_VALUE;
        // In the middle of branch and bound margins are kept, so that the next search differs.
        boolean search = effort.last() == LadderPhase.SEARCH;
        Answers answers = first.verify(slice, effort, search ? () -> false : after(looks));
        collect(answers, into);
        Answers rest = other.verify(answers.left(), effort, () -> false);
        collect(rest, into);
        done.addAll(rest.left());
      }
    }
    return done;
  }

  @Test
  void verify_stoppedAtOnce_givesEverythingBackUntouched() {
    try (Verifier verifier = LadderVerifier.open(model, LIMITS)) {
      Effort effort = effort(List.of(Rung.values()), AttackMethod.PGD);
      Answers answers = verifier.verify(fresh(), effort, () -> true);

      assertThat(answers.answered()).isEmpty();
      assertThat(answers.left()).isEqualTo(fresh());
    }
  }

  private static BooleanSupplier after(int looks) {
    int[] left = {looks};
    return () -> left[0]-- <= 0;
  }

  private Map<Query, Verdict> inOneGo(Effort effort) {
    IdentityHashMap<Query, Verdict> whole = new IdentityHashMap<>();
    try (Verifier verifier = LadderVerifier.open(model, LIMITS)) {
      collect(verifier.verify(fresh(), effort, () -> false), whole);
    }
    return whole;
  }

  private void assertSame(Map<Query, Verdict> found, Map<Query, Verdict> expected) {
    assertThat(found).hasSize(queries.size());
    for (Query query : queries) {
      Verdict one = found.get(query);
      Verdict other = expected.get(query);
      assertThat(one.kind()).as(query.toString()).isEqualTo(other.kind());
      assertThat(one.outcome().rung()).isEqualTo(other.outcome().rung());
      assertThat(one.outcome().counterexample()).isEqualTo(other.outcome().counterexample());
      assertThat(one.margins()).as(query.toString()).isEqualTo(other.margins());
    }
  }

  private List<Pending> fresh() {
    return queries.stream().<Pending>map(PendingQuery::fresh).toList();
  }

  private static List<List<Pending>> slices(List<Pending> all, Random random, int longest) {
    List<Pending> mixed = new ArrayList<>(all);
    Collections.shuffle(mixed, random);
    List<List<Pending>> slices = new ArrayList<>();
    for (int from = 0; from < mixed.size(); from += slices.get(slices.size() - 1).size()) {
      int to = Math.min(mixed.size(), from + 1 + random.nextInt(longest));
      slices.add(mixed.subList(from, to));
    }
    return slices;
  }

  private static void collect(Answers answers, Map<Query, Verdict> into) {
    for (Answers.Answered one : answers.answered()) {
      Query query = ((PendingQuery) one.asked()).query();
      assertThat(into.put(query, one.verdict().orElseThrow())).isNull();
    }
  }

  private static List<Outcome.Kind> kinds(Map<Query, Verdict> verdicts) {
    return verdicts.values().stream().map(Verdict::kind).distinct().toList();
  }

  private static Effort effort(List<Rung> rungs, AttackMethod method) {
    AttackSettings attack =
        new AttackSettings(8, 2, 0.25, StepDecay.none(), AttackStatistics.EVAL, true);
    return Effort.of(rungs, new EvaluationAttack(method, attack), 1, Duration.ofHours(1))
        .crossChecked();
  }

  private static byte[] network(Random random) {
    Extent one = Extent.square(1);
    Network.Builder layers = Network.builder(new Shape(1, SIDE, SIDE));
    layers.append("conv", new Conv2d(1, 3, Extent.square(3), Geometry.of(one, one), true));
    layers.append("relu", new Relu());
    layers.append("flatten", new Flatten());
    layers.append("hidden", new Linear(3 * SIDE * SIDE, 12, true));
    layers.append("relu2", new Relu());
    layers.append("linear", new Linear(12, CLASSES, true));
    Network network = layers.build();
    Map<String, HostTensor> values = new HashMap<>();
    values.put("conv.weight", HostTensor.of(uniform(random, 27, -0.5f, 0.5f), 3, 1, 3, 3));
    values.put("conv.bias", HostTensor.of(uniform(random, 3, -0.2f, 0.2f), 3));
    int hidden = 3 * SIDE * SIDE;
    values.put(
        "hidden.weight", HostTensor.of(uniform(random, 12 * hidden, -0.3f, 0.3f), 12, hidden));
    values.put("hidden.bias", HostTensor.of(uniform(random, 12, -0.2f, 0.2f), 12));
    values.put("linear.weight", HostTensor.of(uniform(random, CLASSES * 12, -1, 1), CLASSES, 12));
    values.put("linear.bias", HostTensor.of(uniform(random, CLASSES, -0.2f, 0.2f), CLASSES));
    return OnnxExport.bytes(network, ParameterValues.of(network, values), Map.of());
  }

  private static float[] uniform(Random random, int count, float low, float high) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = low + (high - low) * random.nextFloat();
    }
    return values;
  }
}
