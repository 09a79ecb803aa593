package dev.merlon.model.norm;

import java.util.Arrays;
import java.util.stream.Stream;

/** Perturbation sets of every norm for tests. */
public final class SampleSets {
  private SampleSets() {}

  /**
   * A clipped and a whole ball of every norm. Radii lie between that of a box of half width {@code
   * pixel} measured at its face and at its corner, which for the maximum norm are the same.
   *
   * @param size number of an input's pixels
   */
  public static Stream<NormBall> about(double pixel, int size) {
    double[] corner = new double[size];
    Arrays.fill(corner, 1);
    return Norms.ALL.stream()
        .flatMap(
            norm ->
                Stream.of(true, false)
                    .map(
                        clip -> new NormBall(norm, pixel * Math.sqrt(norm.measure(corner)), clip)));
  }
}
