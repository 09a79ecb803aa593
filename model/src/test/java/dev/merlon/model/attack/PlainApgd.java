package dev.merlon.model.attack;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * APGD once more, for one sample, written from the papers in plain Java: to be compared with.
 *
 * @param function what is raised
 * @param norm {@code linf}, {@code l2} or {@code l1}
 * @param x the sample
 * @param eps radius
 * @param clip whether points stay in {@code [0,1]}
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PlainApgd(Function function, String norm, double[] x, double eps, boolean clip) {
  /** A function with its gradient. */
  interface Function {
    double value(double... point);

    double[] gradient(double... point);
  }

  /** How a run went: best point, its loss, returns to a best point, last step size. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Trace(double[] best, double loss, int returns, double size) {}

  /** A run with momentum and halved steps (Croce and Hein 2020, algorithm 1). */
  Trace halving(double[] start, int steps) {
    Set<Integer> checkpoints = checkpoints(steps);
    double[] before = start;
    double[] point = start;
    double[] best = start;
    double loss = function.value(start);
    double highest = loss;
    double size = 2 * eps;
    double sizeAtCheck = size;
    double highestAtCheck = highest;
    int rises = 0;
    int since = 0;
    int returns = 0;
    for (int k = 1; k <= steps; k++) {
      double[] moved = project(plus(point, size, direction(function.gradient(point))));
      double share = k == 1 ? 1 : 0.75;
      double[] step = plus(moved, -1, point);
      double[] momentum = plus(point, -1, before);
      double[] mixed = plus(plus(point, share, step), 1 - share, momentum);
      before = point;
      point = project(mixed);
      double now = function.value(point);
      rises += now > loss ? 1 : 0;
      since++;
      loss = now;
      if (now > highest) {
        highest = now;
        best = point;
      }
      if (checkpoints.contains(k)) {
        boolean kept = size == sizeAtCheck && highest == highestAtCheck;
        sizeAtCheck = size;
        highestAtCheck = highest;
        if (rises < 0.75 * since || kept) {
          size /= 2;
          point = best;
          loss = highest;
          returns++;
        }
        rises = 0;
        since = 0;
      }
    }
    return new Trace(best, highest, returns, size);
  }

  /** A run of sparse steps (Croce and Hein 2021, algorithm 1) from a fifth of the entries. */
  Trace sparse(double[] start, int steps) {
    int every = (int) Math.ceil(0.04 * steps - 1e-9);
    double wanted = x.length / 5.0;
    double moved = x.length;
    double size = eps;
    double[] point = start;
    double[] best = start;
    double highest = function.value(start);
    int returns = 0;
    for (int k = 1; k <= steps; k++) {
      int count = (int) Math.max(1, Math.ceil(wanted));
      point = project(plus(point, size, sparseDirection(function.gradient(point), count)));
      double now = function.value(point);
      if (now > highest) {
        highest = now;
        best = point;
      }
      if (k % every == 0) {
        int changed = changed(best);
        boolean fewer = changed < 0.95 * moved;
        size = fewer ? eps : Math.max(size / 1.5, eps / 10);
        returns += fewer ? 1 : 0;
        point = fewer ? best : point;
        wanted = changed / 1.5;
        moved = changed;
      }
    }
    return new Trace(best, highest, returns, size);
  }

  static Set<Integer> checkpoints(int steps) {
    Set<Integer> all = new HashSet<>();
    double before = 0;
    double now = 0.22;
    while (now < 1 + 1e-9) {
      all.add((int) Math.ceil(now * steps - 1e-9));
      double next = now + Math.max(now - before - 0.03, 0.06);
      before = now;
      now = next;
    }
    return all;
  }

  private int changed(double[] point) {
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      count += point[i] == x[i] ? 0 : 1;
    }
    return count;
  }

  private static double[] plus(double[] a, double factor, double[] b) {
    double[] result = new double[a.length];
    Arrays.setAll(result, i -> a[i] + factor * b[i]);
    return result;
  }

  private double[] direction(double[] gradient) {
    double length = Math.sqrt(Arrays.stream(gradient).map(g -> g * g).sum());
    double[] result = new double[gradient.length];
    Arrays.setAll(
        result, i -> norm.equals("linf") ? Math.signum(gradient[i]) : gradient[i] / length);
    return result;
  }

  private static double[] sparseDirection(double[] gradient, int count) {
    double[] sizes = Arrays.stream(gradient).map(Math::abs).sorted().toArray();
    double least = sizes[sizes.length - count];
    double[] chosen = new double[gradient.length];
    Arrays.setAll(chosen, i -> Math.abs(gradient[i]) >= least ? Math.signum(gradient[i]) : 0);
    double number = Math.max(1, Arrays.stream(chosen).map(Math::abs).sum());
    return Arrays.stream(chosen).map(sign -> sign / number).toArray();
  }

  /** The point of the set that an attack goes on from; for {@code l1} by bisection. */
  double[] project(double... candidate) {
    double[] change = plus(candidate, -1, x);
    double[] inside =
        switch (norm) {
          case "linf" -> Arrays.stream(change).map(c -> Math.max(-eps, Math.min(eps, c))).toArray();
          case "l2" -> scaled(change);
          default -> shrunken(change);
        };
    double[] result = plus(x, 1, inside);
    return clip ? Arrays.stream(result).map(v -> Math.max(0, Math.min(1, v))).toArray() : result;
  }

  private double[] scaled(double[] change) {
    double length = Math.sqrt(Arrays.stream(change).map(c -> c * c).sum());
    return Arrays.stream(change).map(c -> c * Math.min(1, eps / length)).toArray();
  }

  private double[] shrunken(double[] change) {
    double low = 0;
    double high = total(shrunken(change, 0)) <= eps ? 0 : 10;
    for (int step = 0; step < 200; step++) {
      double middle = 0.5 * (low + high);
      if (total(shrunken(change, middle)) > eps) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return shrunken(change, high);
  }

  private double[] shrunken(double[] change, double by) {
    double[] result = new double[change.length];
    for (int i = 0; i < result.length; i++) {
      double size = Math.max(0, Math.abs(change[i]) - by);
      double room = change[i] > 0 ? 1 - x[i] : x[i];
      result[i] = Math.signum(change[i]) * (clip ? Math.min(size, room) : size);
    }
    return result;
  }

  private static double total(double[] values) {
    return Arrays.stream(values).map(Math::abs).sum();
  }
}
