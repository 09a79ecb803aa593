package dev.merlon.model.bound.soundness;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Judges bounds: in every case a radius is chosen by the bounds themselves, mostly just below the
 * largest that they certify, and no point of the balls may leave any bound.
 */
final class SoundnessSuite {
  /** A radius this close to the largest certifiable one, relatively, counts as near. */
  static final double NEAR = 0.05;

  private static final double LARGEST_RADIUS = 16;

  private SoundnessSuite() {}

  /** Runs all cases. */
  static SoundnessReport run(BoundsUnderTest bounds, Stream<SoundnessCase> cases) {
    return cases
        .map(each -> run(bounds, each))
        .reduce(SoundnessReport.empty(), SoundnessReport::plus);
  }

  /** The cases of these numbers. */
  static Stream<SoundnessCase> cases(
      dev.merlon.model.norm.Norm norm, long from, long to, int samples) {
    return LongStream.range(from, to).mapToObj(seed -> SoundnessCase.of(seed, norm, samples));
  }

  /** Runs one case. */
  static SoundnessReport run(BoundsUnderTest bounds, SoundnessCase spec) {
    try (OpenCase open = new OpenCase(spec)) {
      double largest = largestCertified(bounds, open);
      SplittableRandom random = new SplittableRandom(spec.seed() + 5);
      double factor =
          spec.nearLimit() ? 1 - 0.8 * NEAR * random.nextDouble() : 0.2 + 2 * random.nextDouble();
      double eps = factor * largest;
      boolean near = spec.nearLimit() && certifies(bounds, open, eps);
      Extremes extremes = Explorer.explore(open, eps);
      List<String> violations = new ArrayList<>();
      BoundsUnderTest.Both both = bounds.both(open, eps);
      extremes.outside(both.boxes(), spec.tolerance()).ifPresent(violations::add);
      extremes.outside(both.margins(), spec.tolerance()).ifPresent(violations::add);
      List<String> named =
          violations.stream().map(what -> spec + ", eps " + eps + ": " + what).toList();
      return new SoundnessReport(1, near ? 1 : 0, extremes.points(), named);
    }
  }

  // The largest radius at which the first sample is certified, from below, to 1 percent.
  private static double largestCertified(BoundsUnderTest bounds, OpenCase open) {
    double certified = 0;
    double open0 = 1e-3;
    while (open0 < LARGEST_RADIUS && certifies(bounds, open, open0)) {
      certified = open0;
      open0 *= 3;
    }
    while (open0 - certified > 0.01 * open0 && open0 > 1e-7) {
      double middle = 0.5 * (certified + open0);
      if (certifies(bounds, open, middle)) {
        certified = middle;
      } else {
        open0 = middle;
      }
    }
    return certified;
  }

  private static boolean certifies(BoundsUnderTest bounds, OpenCase open, double eps) {
    double[] margins = bounds.margins(open, eps, 1)[0];
    int label = open.labels()[0];
    return LongStream.range(0, margins.length).allMatch(j -> j == label || margins[(int) j] > 0)
        && Arrays.stream(margins).noneMatch(Double::isNaN);
  }
}
