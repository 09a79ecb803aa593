package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.norm.AffineImage;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.norm.ParametricSet;
import dev.merlon.model.norm.PerturbationSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pixels get brighter or darker by parameters, of which they take turns, at most 1/4. Remembers the
 * cells that were bounded.
 */
public final class Moving implements ParametricSet {
  private static final double MOST = 0.25;
  // More than the roundings of an enclosure's numbers, all of which are at most 1.
  private static final double ROUNDING = 0x1p-50;

  final List<Cell> bounded = new ArrayList<>();
  private final int parameters;
  private final int cells;

  /** Whether the second half of every cell that is split is lost. */
  boolean lossy;

  /**
   * A set around inputs in {@code [1/4,3/4]^d}.
   *
   * @param cells into how many equal intervals the first parameter's is divided
   */
  public Moving(int parameters, int cells) {
    this.parameters = parameters;
    this.cells = cells;
  }

  @Override
  public String keyword() {
    return "moving";
  }

  @Override
  public String text() {
    return keyword() + ":" + MOST;
  }

  @Override
  public String canonical() {
    return text();
  }

  @Override
  public List<String> parameters() {
    return IntStream.range(0, parameters).mapToObj(i -> "move" + i).toList();
  }

  @Override
  public Cell range() {
    return between(-MOST, MOST);
  }

  private Cell between(double first, double last) {
    double[] lower = identity();
    double[] upper = identity();
    Arrays.fill(lower, -MOST);
    Arrays.fill(upper, MOST);
    lower[0] = first;
    upper[0] = last;
    return Cell.between(lower, upper);
  }

  @Override
  public double[] identity() {
    return new double[parameters];
  }

  @Override
  public double[] image(float[] x, double... at) {
    double[] image = new double[x.length];
    Arrays.setAll(image, i -> x[i] + at[i % parameters]);
    return image;
  }

  @Override
  public double imageError() {
    return ROUNDING;
  }

  @Override
  public NDArray images(NDArray x, NDArray at) {
    throw new UnsupportedOperationException("nobody attacks it");
  }

  @Override
  public AffineImage enclosure(float[] x, Cell cell) {
    bounded.add(cell);
    double[] center = new double[x.length];
    double[][] generators = new double[parameters][x.length];
    double[] error = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int by = i % parameters;
      center[i] = x[i] + cell.middle(by);
      generators[by][i] = cell.radius(by);
      error[i] = ROUNDING;
    }
    return new AffineImage(center, generators, error);
  }

  @Override
  public long cells() {
    return cells;
  }

  @Override
  public Cell cell(long number) {
    double width = 2 * MOST / cells;
    double last = number == cells - 1 ? MOST : (number + 1) * width - MOST;
    return between(number * width - MOST, last);
  }

  @Override
  public List<Cell> split(Cell cell) {
    List<Cell> parts = ParametricSet.super.split(cell);
    return lossy && !parts.isEmpty() ? parts.subList(0, 1) : parts;
  }

  @Override
  public boolean includes(PerturbationSet other) {
    return equals(other);
  }
}
