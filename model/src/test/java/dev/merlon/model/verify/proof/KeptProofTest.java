package dev.merlon.model.verify.proof;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackMethod;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.model.bound.split.ProvedSubproblem;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.LadderVerifier;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.Moving;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.LadderPhase;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What certificates were proved with is kept on demand, and proves them again. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeptProofTest {
  private static final int[] WIDTHS = {4, 14, 12, 3};
  private static final int INPUTS = 6;
  private static final double[] RADII = {0.05, 0.1, 0.15, 0.2, 0.25, 0.3};
  private static final List<Rung> RUNGS =
      List.of(Rung.IBP, Rung.CROWN_IBP, Rung.PGD, Rung.CROWN, Rung.ALPHA_CROWN, Rung.BAB);

  private double[][][] weights;
  private double[][] biases;
  private ImportedModel model;
  private List<Query> queries;
  private List<Verdict> verdicts;
  private final List<ByCells> byCells = new ArrayList<>();

  @BeforeAll
  void verify() {
    draw();
    try (Verifier verifier = LadderVerifier.open(model, limits())) {
      verdicts = verifier.verify(queries, effort().keepingProofs());
    }
  }

  private void draw() {
    Random random = new Random(11);
    Network.Builder layers = Network.builder(new Shape(1, 2, 2));
    layers.append("flatten", new Flatten());
    Map<String, HostTensor> values = new HashMap<>();
    weights = new double[3][][];
    biases = new double[3][];
    for (int layer = 0; layer < 3; layer++) {
      int in = WIDTHS[layer];
      int out = WIDTHS[layer + 1];
      String name = "linear" + layer;
      layers.append(name, new Linear(in, out, true));
      if (layer < 2) {
        layers.append("relu" + layer, new Relu());
      }
      float[] weight = normal(random, in * out, 1.6 / Math.sqrt(in));
      float[] bias = normal(random, out, 0.2);
      values.put(name + ".weight", HostTensor.of(weight, out, in));
      values.put(name + ".bias", HostTensor.of(bias, out));
      weights[layer] = matrix(weight, out, in);
      biases[layer] = matrix(bias, 1, out)[0];
    }
    Network network = layers.build();
    byte[] file = OnnxExport.bytes(network, ParameterValues.of(network, values), Map.of());
    model = OnnxImport.parse(file, "kept");
    queries = new ArrayList<>();
    for (int index = 0; index < INPUTS; index++) {
      float[] x = new float[WIDTHS[0]];
      for (int i = 0; i < x.length; i++) {
        x[i] = random.nextFloat();
      }
      for (double radius : RADII) {
        NormBall ball = new NormBall(Norm.of("l2"), radius, false);
        queries.add(Query.of(index, x, predicted(x), new Question(ball, Guarantee.REAL)));
      }
    }
  }

  @Test
  void verify_keepingProofs_everyMarginHasOneThatHolds() {
    int searched = 0;
    int sloped = 0;
    for (int n = 0; n < queries.size(); n++) {
      Query query = queries.get(n);
      for (Map.Entry<Integer, MarginProof> margin : proofs(n).entrySet()) {
        assertThat(margin.getValue().lower()).isPositive();
        if (margin.getValue() instanceof MarginProof.BySplits splits) {
          assertThat(problems(query, margin.getKey(), splits.trees())).isEmpty();
          searched += splits.trees().get(0).leaves().size() > 1 ? 1 : 0;
          sloped += splits.rung() == Rung.ALPHA_CROWN ? 1 : 0;
        }
      }
    }
    assertThat(searched).isPositive();
    assertThat(sloped).isPositive();
  }

  @Test
  void verify_keepingProofs_claimsTheMarginsOfTheVerdict() {
    for (Verdict verdict : verdicts) {
      if (verdict.outcome() instanceof Outcome.Certified certified) {
        Map<Integer, MarginProof> proofs = MarginProofs.of(certified).orElseThrow().margins();
        assertThat(proofs).hasSize(certified.margins().classes() - 1);
        proofs.forEach(
            (other, proof) ->
                assertThat(proof.lower()).isEqualTo(certified.margins().against(other)));
      }
    }
  }

  @Test
  void verify_byDefault_keepsNothingAndFindsTheSame() {
    try (Verifier verifier = LadderVerifier.open(model, limits())) {
      List<Verdict> plain = verifier.verify(queries, effort());
      for (int n = 0; n < plain.size(); n++) {
        assertThat(plain.get(n).kind()).isEqualTo(verdicts.get(n).kind());
        assertThat(plain.get(n).margins()).isEqualTo(verdicts.get(n).margins());
        if (plain.get(n).outcome() instanceof Outcome.Certified certified) {
          assertThat(certified.proof()).isEmpty();
        }
      }
    }
  }

  @Test
  void verify_handedOnBetweenVerifiers_keepsWhatBothProved() {
    Effort effort = effort().keepingProofs();
    List<Pending> left = queries.stream().<Pending>map(PendingQuery::fresh).toList();
    List<Verdict> staged = new ArrayList<>();
    for (LadderPhase phase : LadderPhase.values()) {
      try (Verifier verifier = LadderVerifier.open(model, limits())) {
        Answers answers = verifier.verify(left, effort.upTo(phase), () -> false);
        staged.addAll(answers.verdicts());
        left = answers.left();
      }
    }
    assertThat(staged.stream().map(Verdict::outcome))
        .filteredOn(Outcome.Certified.class::isInstance)
        .isNotEmpty()
        .allMatch(outcome -> ((Outcome.Certified) outcome).proof().isPresent());
  }

  @Test
  void problems_leafIsLost_theRestIsNotTheWhole() {
    int lost = 0;
    for (Found found : searched()) {
      for (int leaf = 0; leaf < found.tree().leaves().size(); leaf++) {
        List<ProvedSubproblem> fewer = new ArrayList<>(found.tree().leaves());
        fewer.remove(leaf);
        assertThat(found.problems(fewer)).contains("the leaves are not the whole");
        lost++;
      }
    }
    assertThat(lost).isPositive();
  }

  @Test
  void problems_slopeOrMultiplierIsAnother_boundIsNotFoundAgain() {
    int slopes = 0;
    int multipliers = 0;
    for (Found found : searched()) {
      ProvedSubproblem leaf = found.tree().leaves().get(0);
      for (int i = 0; i < leaf.slopes().length; i++) {
        double[] other = leaf.slopes().clone();
        other[i] = other[i] > 0.5 ? other[i] - 0.4 : other[i] + 0.4;
        ProvedSubproblem wrong =
            new ProvedSubproblem(leaf.splits(), other, leaf.multipliers(), leaf.lower());
        slopes += found.problems(List.of(wrong)).size() > 1 ? 1 : 0;
      }
      for (int i = 0; i < leaf.multipliers().length; i++) {
        double[] other = leaf.multipliers().clone();
        other[i] += 0.5;
        ProvedSubproblem wrong =
            new ProvedSubproblem(leaf.splits(), leaf.slopes(), other, leaf.lower());
        multipliers += found.problems(List.of(wrong)).size() > 1 ? 1 : 0;
      }
    }
    assertThat(slopes).isPositive();
    assertThat(multipliers).isPositive();
  }

  @Test
  void problems_splitIsOnTheOtherSide_isFound() {
    for (Found found : searched()) {
      List<ProvedSubproblem> all = new ArrayList<>(found.tree().leaves());
      ProvedSubproblem leaf = all.get(0);
      int[] turned = leaf.splits().clone();
      turned[0] = -turned[0];
      all.set(0, new ProvedSubproblem(turned, leaf.slopes(), leaf.multipliers(), leaf.lower()));
      assertThat(found.problems(all)).isNotEmpty();
    }
  }

  @Test
  void verify_boxes_leavesHoldAndOthersDoNot() {
    int split = 0;
    for (Found found : onBoxes()) {
      List<ProvedSubproblem> leaves = found.tree().leaves();
      assertThat(found.problems(leaves)).isEmpty();
      for (int n = 0; n < leaves.size(); n++) {
        ProvedSubproblem leaf = leaves.get(n);
        if (leaf.splits().length > 0) {
          split++;
          for (ProvedSubproblem wrong : changed(leaf)) {
            List<ProvedSubproblem> all = new ArrayList<>(leaves);
            all.set(n, wrong);
            assertThat(found.problems(all)).isNotEmpty();
          }
        }
      }
    }
    assertThat(split).isPositive();
  }

  /** The same leaf with a multiplier, a side or the bound that is another. */
  private static List<ProvedSubproblem> changed(ProvedSubproblem leaf) {
    int[] turned = leaf.splits().clone();
    turned[turned.length - 1] = -turned[turned.length - 1];
    double[] more = leaf.multipliers().clone();
    Arrays.setAll(more, i -> more[i] + 0.5);
    return List.of(
        new ProvedSubproblem(leaf.splits(), leaf.slopes(), more, leaf.lower()),
        new ProvedSubproblem(turned, leaf.slopes(), leaf.multipliers(), leaf.lower()),
        new ProvedSubproblem(
            leaf.splits(), leaf.slopes(), leaf.multipliers(), leaf.lower() + 1e-6));
  }

  /** Trees with splits that prove margins over clipped boxes, by branch and bound alone. */
  private List<Found> onBoxes() {
    List<Query> asked = new ArrayList<>();
    for (Query query : queries) {
      for (double radius : new double[] {0.08, 0.1, 0.12, 0.14, 0.16, 0.18}) {
        if (query.set().equals(queries.get(0).set())) {
          NormBall box = new NormBall(Norm.of("linf"), radius, true);
          asked.add(Query.of(0, query.x(), query.label(), new Question(box, Guarantee.REAL)));
        }
      }
    }
    List<Found> found = new ArrayList<>();
    List<Verdict> answers = byBranching(asked);
    for (int n = 0; n < asked.size(); n++) {
      Query query = asked.get(n);
      proofs(answers.get(n))
          .forEach(
              (other, proof) -> {
                MarginProof.BySplits splits = (MarginProof.BySplits) proof;
                MarginProof.Tree tree = splits.trees().get(0);
                found.add(new Found(tree, query, other, boxChecker(query)));
              });
    }
    return found;
  }

  private DenseChecker boxChecker(Query query) {
    double eps = ((NormBall) query.set()).eps();
    double[] lower = center(query);
    double[] upper = center(query);
    for (int i = 0; i < lower.length; i++) {
      lower[i] = Math.max(0, lower[i] - eps);
      upper[i] = Math.min(1, upper[i] + eps);
    }
    return new DenseChecker(weights, biases, DenseChecker.overBox(lower, upper));
  }

  @Test
  void verify_cells_holdByTheMarginsMinimaAndAreTheWholeSet() {
    int several = 0;
    for (ByCells found : onCells()) {
      assertThat(found.problems(found.proof().cells())).isEmpty();
      several += found.proof().cells().size() > 1 ? 1 : 0;
    }
    assertThat(several).isPositive();
  }

  @Test
  void problems_cellIsLostOrSmallerOrClaimsTooMuch_isFound() {
    for (ByCells found : onCells()) {
      List<MarginProof.BoundedCell> cells = found.proof().cells();
      for (int n = 0; n < cells.size(); n++) {
        MarginProof.BoundedCell cell = cells.get(n);
        double lower = cell.cell().lower(0);
        double upper = cell.cell().upper(0);
        Cell less = Cell.between(new double[] {lower}, new double[] {Math.nextDown(upper)});
        double tooMuch = cell.lower() + 100;
        assertThat(found.without(n)).isNotEmpty();
        assertThat(found.with(n, new MarginProof.BoundedCell(less, cell.lower()))).isNotEmpty();
        assertThat(found.with(n, new MarginProof.BoundedCell(cell.cell(), tooMuch))).isNotEmpty();
        assertThat(found.with(n, new MarginProof.BoundedCell(cell.cell(), 0))).isNotEmpty();
      }
    }
  }

  /** A proof by cells of one margin. */
  private record ByCells(MarginProof.ByCells proof, Query query, int other, CellChecker checker) {
    List<String> problems(List<MarginProof.BoundedCell> cells) {
      Moving set = (Moving) query.set();
      return checker.problems(
          new MarginProof.ByCells(proof.rung(), cells), set.range(), query.label(), other);
    }

    List<String> without(int number) {
      List<MarginProof.BoundedCell> fewer = new ArrayList<>(proof.cells());
      fewer.remove(number);
      return problems(fewer);
    }

    List<String> with(int number, MarginProof.BoundedCell another) {
      List<MarginProof.BoundedCell> all = new ArrayList<>(proof.cells());
      all.set(number, another);
      return problems(all);
    }
  }

  private List<ByCells> onCells() {
    if (byCells.isEmpty()) {
      byCells.addAll(findOnCells());
    }
    return byCells;
  }

  private List<ByCells> findOnCells() {
    Random random = new Random(5);
    List<Query> asked = new ArrayList<>();
    for (int index = 0; index < 4 * INPUTS; index++) {
      float[] x = new float[WIDTHS[0]];
      for (int i = 0; i < x.length; i++) {
        x[i] = 0.25f + 0.5f * random.nextFloat();
      }
      Question question = new Question(new Moving(1, 1 + index % 2), Guarantee.REAL);
      asked.add(Query.of(index, x, predicted(x), question));
    }
    List<ByCells> found = new ArrayList<>();
    List<Verdict> answers = byBranching(asked);
    for (int n = 0; n < asked.size(); n++) {
      Query query = asked.get(n);
      CellChecker checker = new CellChecker(weights, biases, center(query));
      proofs(answers.get(n))
          .forEach(
              (other, proof) ->
                  found.add(new ByCells((MarginProof.ByCells) proof, query, other, checker)));
    }
    assertThat(found).isNotEmpty();
    return found;
  }

  private List<Verdict> byBranching(List<Query> asked) {
    Effort alone =
        Effort.of(List.of(Rung.PREDICT, Rung.BAB), effort().attack(), 1, Duration.ofHours(1));
    try (Verifier verifier = LadderVerifier.open(model, limits())) {
      return verifier.verify(asked, alone.keepingProofs());
    }
  }

  /** A tree with splits that proves one margin. */
  private record Found(MarginProof.Tree tree, Query query, int other, DenseChecker checker) {
    List<String> problems(List<ProvedSubproblem> leaves) {
      MarginProof.Tree changed = new MarginProof.Tree(tree.cell(), tree.inside(), leaves);
      return checker.problems(changed, query.label(), other);
    }
  }

  private List<Found> searched() {
    List<Found> found = new ArrayList<>();
    for (int n = 0; n < queries.size(); n++) {
      Query query = queries.get(n);
      proofs(n)
          .forEach(
              (other, proof) -> {
                if (proof instanceof MarginProof.BySplits splits
                    && splits.trees().get(0).leaves().size() > 1) {
                  found.add(new Found(splits.trees().get(0), query, other, checker(query)));
                }
              });
    }
    assertThat(found).isNotEmpty();
    return found;
  }

  private Map<Integer, MarginProof> proofs(int number) {
    return proofs(verdicts.get(number));
  }

  private static Map<Integer, MarginProof> proofs(Verdict verdict) {
    return verdict.outcome() instanceof Outcome.Certified certified
        ? MarginProofs.of(certified).orElseThrow().margins()
        : Map.of();
  }

  private List<String> problems(Query query, int other, List<MarginProof.Tree> trees) {
    return trees.stream()
        .flatMap(tree -> checker(query).problems(tree, query.label(), other).stream())
        .toList();
  }

  private DenseChecker checker(Query query) {
    double radius = ((NormBall) query.set()).eps();
    return new DenseChecker(weights, biases, DenseChecker.overBall(center(query), radius));
  }

  private static double[] center(Query query) {
    double[] center = new double[query.x().length];
    Arrays.setAll(center, i -> query.x()[i]);
    return center;
  }

  private int predicted(float... x) {
    double[] values = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      values[i] = x[i];
    }
    for (int layer = 0; layer < 3; layer++) {
      double[] next = biases[layer].clone();
      for (int i = 0; i < next.length; i++) {
        for (int j = 0; j < values.length; j++) {
          next[i] += weights[layer][i][j] * values[j];
        }
        next[i] = layer < 2 ? Math.max(0, next[i]) : next[i];
      }
      values = next;
    }
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }

  private static Effort effort() {
    AttackSettings attack =
        new AttackSettings(20, 2, 0.25, StepDecay.none(), AttackStatistics.EVAL, true);
    return Effort.of(RUNGS, new EvaluationAttack(AttackMethod.PGD, attack), 1, Duration.ofHours(1));
  }

  private static Limits limits() {
    return new Limits(8, 64 << 20, 1);
  }

  private static float[] normal(Random random, int count, double scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  private static double[][] matrix(float[] flat, int rows, int columns) {
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < flat.length; i++) {
      matrix[i / columns][i % columns] = flat[i];
    }
    return matrix;
  }
}
