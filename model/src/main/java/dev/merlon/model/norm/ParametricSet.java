package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.merlon.model.data.ImageShape;
import java.util.List;
import java.util.Optional;

/**
 * A set whose points are images of the input under a function of a few parameters, each in an
 * interval, such as geometric transformations. To it belongs every float32 point in {@code [0,1]^d}
 * whose pixels are nearer than {@link #TOLERANCE} to those of the image at some parameters, so that
 * the roundings of the images belong to it. The input itself is one of its points.
 */
public non-sealed interface ParametricSet extends PerturbationSet {
  /** A bound over more parameters would have to be computed in another way. */
  int MOST_PARAMETERS = 4;

  /** How far a pixel may be from the image's: two roundings of a number in {@code [0,1]}. */
  double TOLERANCE = 0x1p-24;

  /** The intervals of the parameters, in the order of {@link #parameters}. */
  Cell range();

  /** The parameters at which every input stays what it is; in {@link #range}. */
  double[] identity();

  /**
   * The image of an input, computed in float64.
   *
   * @param x flat, in {@code [0,1]^d}
   * @param parameters in {@link #range}
   * @return in {@code [0,1]^d}
   */
  double[] image(float[] x, double... parameters);

  /** How far {@link #image} may be from the exact image, in each pixel: its rounding errors. */
  double imageError();

  /**
   * The images of a batch, for gradients; they need not be exact.
   *
   * @param x {@code [N, C, H, W]}
   * @param parameters {@code [N, P]}, to whose scope the result belongs
   */
  NDArray images(NDArray x, NDArray parameters);

  /**
   * What holds the exact images of an input at all parameters of a cell.
   *
   * @param x flat, in {@code [0,1]^d}
   */
  AffineImage enclosure(float[] x, Cell cell);

  @Override
  default void write(ObjectNode line) {
    line.put("set", text());
    line.putArray("clip").add(0).add(1);
  }

  @Override
  default boolean isMeantBy(String text) {
    return PerturbationSet.parse(text, true).equals(this);
  }

  @Override
  default Optional<String> problem(float[] x) {
    for (int i = 0; i < x.length; i++) {
      if (!(x[i] >= 0 && x[i] <= 1)) {
        return Optional.of("value " + i + " of the input is " + x[i] + ", outside [0,1]");
      }
    }
    return Optional.empty();
  }

  @Override
  default Optional<String> excess(ImageShape images) {
    return Optional.empty();
  }

  @Override
  default boolean contains(float[] x, Candidate candidate) {
    float[] point = candidate.shared();
    if (point.length != x.length || !range().contains(candidate.parameters())) {
      return false;
    }
    double[] image = image(x, candidate.parameters());
    for (int i = 0; i < point.length; i++) {
      boolean near = Math.abs(point[i] - image[i]) + imageError() <= TOLERANCE;
      if (!near || !(point[i] >= 0 && point[i] <= 1)) {
        return false;
      }
    }
    return true;
  }

  /** The rounded image at the nearest parameters, for a point that parameters lead to. */
  @Override
  default Candidate inwards(float[] x, Candidate candidate) {
    double[] parameters = candidate.parameters();
    if (parameters.length != range().parameters()) {
      return Candidate.of(x, identity());
    }
    double[] inside = range().nearest(parameters);
    double[] image = image(x, inside);
    float[] rounded = new float[x.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) image[i];
    }
    Candidate moved = Candidate.of(rounded, inside);
    return contains(x, moved) ? moved : Candidate.of(x, identity());
  }

  @Override
  default AttackSpace attackSpace(NDArray x, StepWidth measure) {
    return new ParameterSpace(this, x, measure);
  }

  @Override
  default long cells() {
    return 1;
  }

  @Override
  default Cell cell(long number) {
    return range();
  }

  /** Halves the widest interval, as a share of its whole range. */
  @Override
  default List<Cell> split(Cell cell) {
    int widest = -1;
    double share = 0;
    for (int i = 0; i < cell.parameters(); i++) {
      double whole = range().upper(i) - range().lower(i);
      double own = whole > 0 ? (cell.upper(i) - cell.lower(i)) / whole : 0;
      boolean splits = cell.middle(i) > cell.lower(i) && cell.middle(i) < cell.upper(i);
      if (splits && own > share) {
        widest = i;
        share = own;
      }
    }
    return widest < 0 ? List.of() : cell.halves(widest);
  }

  @Override
  default Enclosure enclosure(NDArray x, Cell cell) {
    return AffineBatch.of(this, x, cell);
  }

  /** None: a program over pixels knows nothing of parameters. */
  @Override
  default Optional<LinearRegion.Description> linearDescription() {
    return Optional.empty();
  }
}
