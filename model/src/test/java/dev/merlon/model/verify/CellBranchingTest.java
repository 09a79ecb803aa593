package dev.merlon.model.verify;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.ladder.Clock;
import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.proof.MarginProof;
import dev.merlon.model.verify.proof.MarginProofs;
import dev.merlon.model.verify.proof.ProofKeeping;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A margin that is the distance of each pixel from {@link #BEND}, and something more or less: which
 * cells its linear bounds prove is known by hand, and only those around the bend are not.
 */
class CellBranchingTest {
  private static final double BEND = 0.6f;
  private static final float MORE = 0.01f;

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "2, 1", "2, 4"})
  void answer_marginThatBends_splitsOnlyWhereTheBoundIsLoose(int pixels, int cells) {
    Moving set = new Moving(pixels, cells);

    Outcome outcome = answer(set, MORE).outcome().orElseThrow();

    assertThat(outcome.kind()).isEqualTo(Outcome.Kind.CERTIFIED);
    Set<String> expected = new TreeSet<>();
    for (long number = 0; number < set.cells(); number++) {
      tree(set.cell(number), expected);
    }
    assertThat(expected.size()).isGreaterThan(4 * pixels);
    assertThat(set.bounded).hasSameSizeAs(expected);
    assertThat(words(set.bounded)).isEqualTo(expected);
  }

  /** The cells of a tree that ends where the bound is above 0. */
  private static void tree(Cell cell, Set<String> cells) {
    cells.add(words(cell));
    if (!(bound(cell) > 0)) {
      int widest = 0;
      for (int i = 1; i < cell.parameters(); i++) {
        widest = width(cell, i) > width(cell, widest) ? i : widest;
      }
      cell.halves(widest).forEach(half -> tree(half, cells));
    }
  }

  // Of |y| over [l,u] with 0 between, the better of the bounds y and -y.
  private static double bound(Cell cell) {
    double sum = MORE;
    for (int i = 0; i < cell.parameters(); i++) {
      double lower = 0.5 + cell.lower(i) - BEND;
      double upper = 0.5 + cell.upper(i) - BEND;
      boolean bends = lower < 0 && upper > 0;
      double nearest = Math.min(Math.abs(lower), Math.abs(upper));
      sum += bends ? -nearest : nearest;
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "2, 1", "2, 4"})
  void answer_certified_itsCellsAreTheWholeSet(int pixels, int cells) {
    Moving set = new Moving(pixels, cells);

    List<Cell> proved = proved(answer(set, MORE));

    assertThat(holes(proved, set)).isZero();
    assertThat(volume(proved)).isEqualTo(volume(List.of(set.range())));
  }

  @Test
  void answer_setThatLosesAHalf_isNotTheWholeSet() {
    Moving set = new Moving(2, 1);
    set.lossy = true;

    List<Cell> proved = proved(answer(set, MORE));

    assertThat(holes(proved, set)).isPositive();
    assertThat(volume(proved)).isLessThan(volume(List.of(set.range())));
  }

  /** How many of the points of a grid, which has the bend, no cell holds. */
  private static int holes(List<Cell> cells, Moving set) {
    int side = 60;
    int missed = 0;
    double[] at = new double[set.range().parameters()];
    for (int n = 0; n < (at.length == 1 ? side + 1 : (side + 1) * (side + 1)); n++) {
      at[0] = set.range().lower(0) + (n % (side + 1)) * 0.5 / side;
      if (at.length > 1) {
        int row = n / (side + 1);
        at[1] = set.range().lower(1) + row * 0.5 / side;
      }
      missed += cells.stream().noneMatch(cell -> cell.contains(at)) ? 1 : 0;
    }
    return missed;
  }

  private static double volume(List<Cell> cells) {
    double sum = 0;
    for (Cell cell : cells) {
      double own = 1;
      for (int i = 0; i < cell.parameters(); i++) {
        own *= width(cell, i);
      }
      sum += own;
    }
    return sum;
  }

  private static double width(Cell cell, int parameter) {
    return cell.upper(parameter) - cell.lower(parameter);
  }

  private static List<Cell> proved(OpenQuery open) {
    Outcome.Certified proof = (Outcome.Certified) open.outcome().orElseThrow();
    MarginProof margin = MarginProofs.of(proof).orElseThrow().margins().get(1);
    MarginProof.ByCells cells = (MarginProof.ByCells) margin;
    assertThat(cells.lower()).isEqualTo(proof.margins().against(1)).isPositive();
    return cells.cells().stream().map(MarginProof.BoundedCell::cell).toList();
  }

  @Test
  void answer_twice_boundsTheSameCellsInTheSameOrder() {
    Moving one = new Moving(2, 2);
    Moving other = new Moving(2, 2);

    Outcome first = answer(one, MORE).outcome().orElseThrow();
    Outcome second = answer(other, MORE).outcome().orElseThrow();

    assertThat(one.bounded.stream().map(CellBranchingTest::words))
        .containsExactlyElementsOf(other.bounded.stream().map(CellBranchingTest::words).toList());
    assertThat(((Outcome.Certified) first).margins())
        .isEqualTo(((Outcome.Certified) second).margins());
  }

  @Test
  void answer_marginThatFailsAtTheBend_endsAtACellThatCannotBeSplit() {
    Moving set = new Moving(1, 1);

    Outcome outcome = answer(set, -MORE / 1000).outcome().orElseThrow();

    assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNKNOWN);
    assertThat(outcome.reason().orElseThrow())
        .contains("a cell is not proved", "cells " + (set.bounded.size() - 1));
    Cell last = set.bounded.get(set.bounded.size() - 1);
    assertThat(set.split(last)).isEmpty();
  }

  @Test
  void answer_timeIsUp_isATimeoutThatSaysHowManyCells() {
    Moving set = new Moving(2, 1);
    AtomicLong now = new AtomicLong();

    Outcome outcome = answer(set, MORE, 6, now::getAndIncrement, false).outcome().orElseThrow();

    assertThat(outcome.kind()).isEqualTo(Outcome.Kind.TIMEOUT);
    assertThat(set.bounded).hasSize(5);
    assertThat(outcome.reason().orElseThrow()).contains("time is up", "cells 5");
  }

  @Test
  void answer_askedToStop_givesTheQueryBackWithoutAnAnswer() {
    Moving set = new Moving(1, 1);

    OpenQuery open = answer(set, MORE, Long.MAX_VALUE, () -> 0, true);

    assertThat(open.interrupted()).isTrue();
    assertThat(open.outcome()).isEmpty();
    assertThat(set.bounded).isEmpty();
  }

  private static OpenQuery answer(Moving set, float more) {
    return answer(set, more, Long.MAX_VALUE, () -> 0, false);
  }

  private static OpenQuery answer(
      Moving set, float more, long nanos, LongSupplier time, boolean stop) {
    int pixels = set.range().parameters();
    float[] x = new float[pixels];
    Arrays.fill(x, 0.5f);
    Query query = Query.of(0, x, 0, new Question(set, Guarantee.REAL));
    double[] logits = {pixels * (BEND - 0.5) + more, 0};
    Progress seen =
        new Progress(
            Set.of(Rung.PREDICT),
            Optional.of(new Progress.Prediction(0, logits)),
            Optional.empty(),
            0,
            Map.of(),
            List.of());
    OpenQuery open = new OpenQuery(new PendingQuery(query, seen), ProofKeeping.WHOLE);
    Network network = network(pixels);
    try (Scope scope = Scope.open("test")) {
      LiveNetwork live =
          LiveNetwork.evaluation(network, values(network, pixels, more), DataType.FLOAT64, scope);
      set.bounded.clear();
      new CellBranching(live, CrownOptions.sparse(), new Clock(nanos, time, () -> stop))
          .answer(open);
    }
    return open;
  }

  private static Network network(int pixels) {
    Network.Builder builder = Network.builder(new Shape(1, 1, pixels));
    builder.append("flatten", new Flatten());
    builder.append("hidden", new Linear(pixels, 2 * pixels, true));
    builder.append("relu", new Relu());
    builder.append("logits", new Linear(2 * pixels, 2, true));
    return builder.build();
  }

  private static ParameterValues values(Network network, int pixels, float more) {
    float[] hidden = new float[2 * pixels * pixels];
    float[] bias = new float[2 * pixels];
    float[] sum = new float[4 * pixels];
    for (int i = 0; i < 2 * pixels; i++) {
      int sign = i % 2 == 0 ? 1 : -1;
      hidden[i * pixels + i / 2] = sign;
      bias[i] = -sign * (float) BEND;
      sum[i] = 1;
    }
    Map<String, HostTensor> tensors =
        Map.of(
            "hidden.weight", HostTensor.of(hidden, 2 * pixels, pixels),
            "hidden.bias", HostTensor.of(bias, 2 * pixels),
            "logits.weight", HostTensor.of(sum, 2, 2 * pixels),
            "logits.bias", HostTensor.of(new float[] {more, 0}, 2));
    return ParameterValues.of(network, tensors);
  }

  private static Set<String> words(List<Cell> cells) {
    Set<String> words = new TreeSet<>();
    cells.forEach(cell -> words.add(words(cell)));
    return words;
  }

  private static String words(Cell cell) {
    List<String> ends = new ArrayList<>();
    for (int i = 0; i < cell.parameters(); i++) {
      ends.add(cell.lower(i) + ".." + cell.upper(i));
    }
    return String.join(" ", ends);
  }
}
