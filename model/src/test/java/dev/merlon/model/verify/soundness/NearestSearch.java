package dev.merlon.model.verify.soundness;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Searches the nearest point at which another class is ahead: from many starts the function is
 * linearised again and again, and what is found is drawn back to the boundary.
 */
final class NearestSearch {
  private static final int STARTS = 8;
  private static final int STEPS = 6;
  private static final int BISECTIONS = 30;

  private final PlainNetwork network;
  private final Ball ball;
  private Optional<double[]> best = Optional.empty();
  private double distance = Double.POSITIVE_INFINITY;

  private NearestSearch(PlainNetwork network, Ball ball) {
    this.network = network;
    this.ball = ball;
  }

  /** The nearest point found at which some class is ahead of the label. */
  static Optional<double[]> nearest(
      PlainNetwork network, Ball ball, int label, SplittableRandom random) {
    NearestSearch search = new NearestSearch(network, ball);
    for (int start = 0; start < STARTS; start++) {
      for (int other = 0; other < network.classes(); other++) {
        if (other != label) {
          search.descend(search.start(start, random), network.margin(label, other));
        }
      }
    }
    return search.best;
  }

  private double[] start(int number, SplittableRandom random) {
    double[] point = ball.center().clone();
    double scale = number == 0 ? 0 : Math.pow(10, random.nextDouble(-2, 0.5));
    for (int i = 0; i < point.length; i++) {
      double moved = point[i] + scale * random.nextDouble(-1, 1);
      point[i] = ball.clip() ? Math.max(0, Math.min(1, moved)) : moved;
    }
    return point;
  }

  private void descend(double[] start, PlainNetwork.Form margin) {
    double[] point = start;
    for (int step = 0; step < STEPS; step++) {
      double[] values = network.values(point);
      if (margin.at(values) < 0) {
        point = drawnBack(point, margin);
        values = network.values(point);
      }
      PlainNetwork.Form local = network.around(margin, values);
      if (local.at(ball.center()) <= 0) {
        return;
      }
      point = ball.nearest(local);
    }
    if (margin.at(network.values(point)) < 0) {
      drawnBack(point, margin);
    }
  }

  // The last point towards the center at which the margin is below 0.
  private double[] drawnBack(double[] outside, PlainNetwork.Form margin) {
    double low = 0;
    double high = 1;
    double[] center = ball.center();
    double[] point = outside;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = 0.5 * (low + high);
      double[] between = center.clone();
      for (int k = 0; k < between.length; k++) {
        between[k] += middle * (outside[k] - center[k]);
      }
      if (margin.at(network.values(between)) < 0) {
        high = middle;
        point = between;
      } else {
        low = middle;
      }
    }
    double found = ball.distance(point);
    if (found < distance && ball.allows(point)) {
      distance = found;
      best = Optional.of(point);
    }
    return point;
  }
}
