package dev.merlon.model.verify.exact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.bound.linear.AffinePiece;
import dev.merlon.model.norm.LinearRegion;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.sample.OwnProcess;
import dev.merlon.model.tensor.NativeMemory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

/**
 * Solving program after program leaves no native memory behind. {@code MERLON_SOLVER_RUNS} sets how
 * many are solved of each kind; the growth is printed.
 */
class SolverMemoryTest {
  private static final int RUNS =
      Integer.parseInt(Optional.ofNullable(System.getenv("MERLON_SOLVER_RUNS")).orElse("60"));
  private static final int WARM_UP = 20;
  private static final int INPUTS = 10;
  private static final int NEURONS = 5;
  private static final long KIBIBYTE = 1024;

  // A program that is not deleted keeps more than a MiB.
  private static final long MOST_OF_A_RUN = 400 * KIBIBYTE;

  private static final String DONE = "Programs measured";

  @Test
  void minimise_manyPrograms_memoryStaysFlatWhereTheyAreDeleted()
      throws IOException, InterruptedException {
    assertThat(OwnProcess.run(SolverMemoryTest.class)).contains(DONE);
  }

  public static void main(String[] arguments) {
    assertThat(growthOfARun(SolverMemoryTest::linearProgram, RUNS)).isLessThan(MOST_OF_A_RUN);
    assertThat(growthOfARun(SolverMemoryTest::integerProgram, RUNS)).isLessThan(MOST_OF_A_RUN);
    assertThat(growthOfAKeptProgram()).isGreaterThan(MOST_OF_A_RUN);
    System.out.println(DONE);
  }

  private static long growthOfAKeptProgram() {
    List<MarginProgram> kept = new ArrayList<>();
    try {
      return growthOfARun(
          run -> {
            MarginProgram program = written(run);
            solved(program, run);
            kept.add(program);
          },
          WARM_UP);
    } finally {
      kept.forEach(MarginProgram::close);
    }
  }

  private static long growthOfARun(IntConsumer run, int runs) {
    for (int i = 0; i < WARM_UP; i++) {
      run.accept(i);
    }
    long before = outsideTheHeap();
    for (int i = 0; i < runs; i++) {
      run.accept(i);
    }
    long growth = outsideTheHeap() - before;
    System.out.printf(Locale.ROOT, "Solver memory: %d KiB over %d runs%n", growth / KIBIBYTE, runs);
    return growth / runs;
  }

  private static long outsideTheHeap() {
    System.gc();
    long resident = NativeMemory.residentBytes().orElse(0);
    return resident - Runtime.getRuntime().totalMemory();
  }

  private static void linearProgram(int run) {
    SplittableRandom random = new SplittableRandom(run);
    List<AffineLeaf.Split> splits = new ArrayList<>();
    for (int i = 0; i < NEURONS; i++) {
      splits.add(new AffineLeaf.Split(Optional.of(row(random)), random.nextBoolean()));
    }
    double[] x = random.doubles(INPUTS).toArray();
    try (LeafMinimum program = LeafMinimum.of(region(run, x), splits)) {
      assertThat(program.minimise(row(random), Long.MAX_VALUE).point()).isPresent();
    }
  }

  private static void integerProgram(int run) {
    try (MarginProgram program = written(run)) {
      solved(program, run);
    }
  }

  private static MarginProgram written(int run) {
    SplittableRandom random = new SplittableRandom(run);
    double[][] weights = matrix(NEURONS, INPUTS, random);
    double[] low = new double[NEURONS];
    double[] high = new double[NEURONS];
    Arrays.fill(low, -6);
    Arrays.fill(high, 6);
    AffinePiece operand = new AffinePiece(Map.of(0, weights), new double[NEURONS]);
    RectifierLayer layer = new RectifierLayer(1, 0, operand, low, high);
    return MarginProgram.of(region(run, random.doubles(INPUTS).toArray()), List.of(layer));
  }

  private static void solved(MarginProgram program, int run) {
    double[][] weights = matrix(2, NEURONS, new SplittableRandom(run + 7));
    AffinePiece logits = new AffinePiece(Map.of(1, weights), new double[2]);
    assertThat(program.minimise(logits, 0, 1, Duration.ofSeconds(5)).point()).isPresent();
  }

  private static LinearRegion region(int run, double... x) {
    return set(run).linearDescription().orElseThrow().around(x);
  }

  private static PerturbationSet set(int run) {
    return new NormBall(Norm.of(run % 2 == 0 ? "linf" : "l1"), 0.1, true);
  }

  private static AffineLeaf.Row row(SplittableRandom random) {
    return new AffineLeaf.Row(matrix(1, INPUTS, random)[0], 0);
  }

  private static double[][] matrix(int rows, int columns, SplittableRandom random) {
    double[][] matrix = new double[rows][];
    Arrays.setAll(matrix, r -> random.doubles(columns, -1, 1).toArray());
    return matrix;
  }
}
