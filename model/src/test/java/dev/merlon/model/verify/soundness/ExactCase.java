package dev.merlon.model.verify.soundness;

import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * An input of a drawn model, and a counterexample near it.
 *
 * @param x float32 input
 * @param label what the model says there
 * @param ball around it
 * @param counterexample the nearest one found
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record ExactCase(float[] x, int label, Ball ball, double[] counterexample) {
  private static final int DRAWS = 12;
  // Nearer boundaries are too near for the tolerance of solvers.
  private static final double LEAST = 2e-3;
  // Branch and bound takes a hundred times as long as bounds do, so that it gets a share only.
  private static final int OPEN_NEURONS = 2;
  private static final int FEW = 30;

  /**
   * A case of a model; none if no input drawn has a counterexample that is neither near nor far.
   */
  static Optional<ExactCase> draw(PlainNetwork network, String norm, SplittableRandom random) {
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] x = random.nextInt(4) == 0 ? input(network, random) : nearBoundary(network, random);
      Optional<ExactCase> found = of(network, narrow(x), norm, random.nextBoolean(), random);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static double[] input(PlainNetwork network, SplittableRandom random) {
    return random
        .doubles(network.inputs(), -0.1, 1.1)
        .map(value -> Math.min(1, Math.max(0, value)))
        .toArray();
  }

  // Where small balls leave few neurons open.
  private static double[] nearBoundary(PlainNetwork network, SplittableRandom random) {
    double[] here = input(network, random);
    double[] there = input(network, random);
    int label = label(network, here);
    if (label(network, there) == label) {
      return here;
    }
    double low = 0;
    double high = 1;
    for (int i = 0; i < 20; i++) {
      double middle = 0.5 * (low + high);
      if (label(network, between(here, there, middle)) == label) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return between(here, there, Math.max(0, low - random.nextDouble(0.02, 0.3)));
  }

  private static double[] between(double[] from, double[] to, double share) {
    double[] point = from.clone();
    Arrays.setAll(point, i -> from[i] + share * (to[i] - from[i]));
    return point;
  }

  private static int label(PlainNetwork network, double... point) {
    double[] logits = network.logits(point);
    return IntStream.range(0, logits.length)
        .reduce(0, (best, j) -> logits[j] > logits[best] ? j : best);
  }

  private static float[] narrow(double... x) {
    float[] narrow = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      narrow[i] = (float) x[i];
    }
    return narrow;
  }

  private static Optional<ExactCase> of(
      PlainNetwork network, float[] x, String norm, boolean clip, SplittableRandom random) {
    Ball ball = new Ball(norm, wide(x), clip);
    int label = label(network, ball.center());
    Optional<double[]> near = NearestSearch.nearest(network, ball, label, random);
    if (near.isEmpty() || ball.distance(near.get()) < LEAST || ball.distance(near.get()) > 4) {
      return Optional.empty();
    }
    boolean many = Intervals.unstable(network, ball, ball.distance(near.get())) > OPEN_NEURONS;
    return many && random.nextInt(FEW) > 0
        ? Optional.empty()
        : Optional.of(new ExactCase(x, label, ball, near.get()));
  }

  /**
   * The distance below which there is no counterexample at all, by a solver or by going through all
   * regions; and the nearest counterexample after that.
   *
   * @param certifiable the distance; none when it was not settled
   */
  record Settled(OptionalDouble certifiable, ExactCase nearest) {}

  /** Looks for nearer counterexamples until it is certain that there are none. */
  Settled settled(PlainNetwork network) {
    double[] point = counterexample;
    double lower = refutable();
    boolean closed = true;
    for (int other = 0; other < network.classes(); other++) {
      if (other == label) {
        continue;
      }
      PlainNetwork.Form margin = network.margin(label, other);
      if (ball.norm().equals("l2")) {
        Optional<Double> exact = RegionSearch.distance(network, ball, margin, refutable());
        closed &= exact.isPresent();
        lower = Math.min(lower, exact.orElse(0.0));
      } else {
        DistanceProgram.Distance exact = DistanceProgram.of(network, ball, margin, point);
        closed &= exact.closed();
        lower = Math.min(lower, exact.lower());
        if (exact.point().length > 0) {
          point = nearer(network, ball, label, point, exact.point());
        }
      }
    }
    return new Settled(
        closed ? OptionalDouble.of(lower) : OptionalDouble.empty(),
        new ExactCase(x, label, ball, point));
  }

  // A solver's point may be a rounding short of the boundary; a little beyond it counts.
  private static double[] nearer(
      PlainNetwork network, Ball ball, int label, double[] known, double[] found) {
    for (double stretch = 1; stretch < 1.01; stretch += 2e-4) {
      double[] point = ball.center().clone();
      for (int i = 0; i < point.length; i++) {
        double moved = point[i] + stretch * (found[i] - point[i]);
        point[i] = ball.clip() ? Math.max(0, Math.min(1, moved)) : moved;
      }
      if (margin(network, label, point) < 0) {
        return ball.distance(point) < ball.distance(known) ? point : known;
      }
    }
    return known;
  }

  /** The smallest margin at a point. */
  static double margin(PlainNetwork network, int label, double... point) {
    double[] logits = network.logits(point);
    return IntStream.range(0, logits.length)
        .filter(j -> j != label)
        .mapToDouble(j -> logits[label] - logits[j])
        .min()
        .orElseThrow();
  }

  /** The distance of the nearest counterexample found. */
  double refutable() {
    return ball.distance(counterexample);
  }

  private static Question question(NormBall set) {
    return new Question(set, Guarantee.REAL);
  }

  /** The question whether a radius can be certified. */
  Query query(double eps) {
    return Query.of(0, x, label, question(new NormBall(Norm.of(ball.norm()), eps, ball.clip())));
  }

  static double[] wide(float... x) {
    double[] wide = new double[x.length];
    Arrays.setAll(wide, i -> x[i]);
    return wide;
  }
}
