package dev.merlon.tests.sets;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.value.Radius;
import dev.merlon.model.norm.AffineImage;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.norm.ParametricSet;
import dev.merlon.model.tensor.Scalars;
import java.util.List;

/**
 * All pixels get brighter or darker by one number: {@code x + b} with {@code |b| <= most}, clipped
 * to {@code [0,1]}.
 *
 * @param flaw what is wrong with the enclosure, for tests that have to notice
 */
record Brightness(Radius most, Flaw flaw) implements ParametricSet {
  // More than the roundings of an enclosure's numbers, all of which are at most 2.
  private static final double ROUNDING = 0x1p-46;

  /** What can be wrong with an enclosure. */
  enum Flaw {
    NONE,
    /** The clipped images are taken for affine functions of the parameter. */
    NO_ERROR,
    /** The parameter moves pixels half as far as it does. */
    HALF_GENERATOR
  }

  static Brightness of(double most, Flaw flaw) {
    return new Brightness(Radius.of(most), flaw);
  }

  @Override
  public String keyword() {
    return BrightnessKind.KEYWORD;
  }

  @Override
  public String text() {
    return keyword() + ":" + most;
  }

  @Override
  public String canonical() {
    return keyword() + ":" + Double.toHexString(most.value());
  }

  @Override
  public List<String> parameters() {
    return List.of("brightness");
  }

  @Override
  public Cell range() {
    return Cell.between(new double[] {-most.value()}, new double[] {most.value()});
  }

  @Override
  public double[] identity() {
    return new double[] {0};
  }

  @Override
  public double[] image(float[] x, double... parameters) {
    double[] image = new double[x.length];
    for (int i = 0; i < image.length; i++) {
      image[i] = clip(x[i] + parameters[0]);
    }
    return image;
  }

  @Override
  public double imageError() {
    return 0x1p-52;
  }

  @Override
  public NDArray images(NDArray x, NDArray parameters) {
    return Scalars.within(parameters.reshape(-1, 1, 1, 1).add(x), 0, 1);
  }

  // Between the ends of the interval the image is no further from the chord than where it bends.
  @Override
  public AffineImage enclosure(float[] x, Cell cell) {
    double[] center = new double[x.length];
    double[] generator = new double[x.length];
    double[] error = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double first = clip(x[i] + cell.lower(0));
      double last = clip(x[i] + cell.upper(0));
      center[i] = 0.5 * (first + last);
      generator[i] = (flaw == Flaw.HALF_GENERATOR ? 0.25 : 0.5) * (last - first);
      double beyond = Math.max(offChord(x[i], -x[i], cell), offChord(x[i], 1.0 - x[i], cell));
      error[i] = ROUNDING + (flaw == Flaw.NO_ERROR ? 0 : beyond);
    }
    return new AffineImage(center, new double[][] {generator}, error);
  }

  private static double offChord(float x, double bend, Cell cell) {
    if (!(bend > cell.lower(0) && bend < cell.upper(0))) {
      return 0;
    }
    double first = clip(x + cell.lower(0));
    double last = clip(x + cell.upper(0));
    double share = (bend - cell.lower(0)) / (cell.upper(0) - cell.lower(0));
    return Math.abs(clip(x + bend) - (first + share * (last - first)));
  }

  private static double clip(double value) {
    return Math.max(0, Math.min(1, value));
  }
}
