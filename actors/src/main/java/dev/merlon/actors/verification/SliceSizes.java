package dev.merlon.actors.verification;

import dev.merlon.model.verify.verdict.LadderPhase;
import java.util.HashMap;
import java.util.Map;

/**
 * How many queries make a slice: as many as take about a second, by a running mean of the seconds
 * of a query for each model and phase.
 */
final class SliceSizes {
  private static final double TARGET_SECONDS = 1;
  // Of the newest slice in the mean: of one that was faster most, since a verifier's first slices
  // are slow while its code is compiled, and small slices cost time of their own.
  private static final double NEWEST = 0.3;
  private static final double NEWEST_FASTER = 0.8;

  private final int most;
  private final Map<Key, Double> seconds = new HashMap<>();

  private record Key(String model, LadderPhase phase) {}

  /**
   * Sizes of nothing that is known yet.
   *
   * @param most queries of a slice of the quick phase, at least 1
   */
  SliceSizes(int most) {
    this.most = most;
  }

  /** Queries of the next slice; at least 1. */
  int size(String model, LadderPhase phase) {
    Double each = seconds.get(new Key(model, phase));
    if (each == null) {
      return Math.min(first(phase), most(phase));
    }
    return (int) Math.max(1, Math.min(most(phase), TARGET_SECONDS / Math.max(each, 1e-9)));
  }

  /** Seconds that a slice will take, as far as one can tell. */
  double estimate(Slice<?> slice) {
    Double each = seconds.get(new Key(slice.model(), slice.phase()));
    return each == null ? TARGET_SECONDS : each * slice.queries().size();
  }

  /** Takes the seconds of a slice into the mean. */
  void took(Slice<?> slice, double took) {
    double each = took / slice.queries().size();
    seconds.merge(
        new Key(slice.model(), slice.phase()),
        each,
        (known, fresh) -> known + (fresh < known ? NEWEST_FASTER : NEWEST) * (fresh - known));
  }

  private int most(LadderPhase phase) {
    return switch (phase) {
      case QUICK -> most;
      case SLOW -> Math.min(32, most);
      case SEARCH -> Math.min(4, most);
    };
  }

  private static int first(LadderPhase phase) {
    return switch (phase) {
      case QUICK -> 32;
      case SLOW -> 4;
      case SEARCH -> 1;
    };
  }
}
