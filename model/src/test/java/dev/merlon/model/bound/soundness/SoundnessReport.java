package dev.merlon.model.bound.soundness;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run of the suite found.
 *
 * @param cases number of cases
 * @param nearLimit cases certified at a radius within 5% of the largest certifiable one
 * @param points points that were compared with bounds
 * @param violations bounds that a point left, in words
 */
record SoundnessReport(int cases, int nearLimit, long points, List<String> violations) {
  /** Nothing found yet. */
  static SoundnessReport empty() {
    return new SoundnessReport(0, 0, 0, List.of());
  }

  SoundnessReport plus(SoundnessReport other) {
    List<String> all = new ArrayList<>(violations);
    all.addAll(other.violations);
    return new SoundnessReport(
        cases + other.cases, nearLimit + other.nearLimit, points + other.points, List.copyOf(all));
  }

  double shareNearLimit() {
    return (double) nearLimit / cases;
  }

  /** The figures in words. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "%d points in %d cases, %.0f%% of them near the limit, %d violations",
        points,
        cases,
        100 * shareNearLimit(),
        violations.size());
  }
}
