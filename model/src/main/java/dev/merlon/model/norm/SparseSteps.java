package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The steps of {@code l1}-APGD (Croce and Hein 2021, section 3): equal shares on the entries of the
 * largest gradients, first a fifth of all, without momentum. Every so many steps a sample is to
 * move two thirds of the entries that its best point moves. Where these became clearly fewer, its
 * step is the radius again and it returns to its best point; else its step shrinks.
 */
final class SparseSteps implements AdaptiveSteps {
  private static final double FIRST_SHARE = 0.2;
  private static final double FEWER = 1.5;
  private static final double SHRINKING = 1.5;
  private static final double SMALLEST = 0.1;
  private static final double CLEARLY_FEWER = 0.95;
  // Steps between two looks back, in percent of all.
  private static final int CHECK_EVERY = 4;

  private final double eps;
  private final int every;
  private final int entries;
  private final List<Sample> samples;
  private int update;

  SparseSteps(Run run) {
    this.eps = run.eps();
    this.every = (int) (((long) CHECK_EVERY * run.steps() + 99) / 100);
    this.entries = run.entries();
    this.samples = IntStream.range(0, run.samples()).mapToObj(n -> first(run, n)).toList();
  }

  private static Sample first(Run run, int n) {
    return run.moved()
        .map(moved -> new Sample(run.eps(), moved[n] / FEWER, moved[n]))
        .orElseGet(() -> new Sample(run.eps(), FIRST_SHARE * run.entries(), run.entries()));
  }

  @Override
  public NDArray move(NDArray gradient, Scope work) {
    NDArray flat = work.constant(gradient).reshape(samples.size(), -1);
    int[] last = samples.stream().mapToInt(sample -> sample.entries(entries) - 1).toArray();
    NDArray place = work.labels(last).expandDims(1);
    NDArray least = flat.abs().sort(1).flip(1).gather(place, 1);
    NDArray direction = L1.inEqualParts(flat, least).reshape(gradient.getShape());
    double[] lengths = samples.stream().mapToDouble(sample -> sample.size).toArray();
    return direction.mul(AdaptiveSteps.perSample(lengths, gradient, work));
  }

  @Override
  public double share() {
    return 1;
  }

  @Override
  public boolean[] settle(Progress progress) {
    boolean[] back = new boolean[samples.size()];
    if (update > 0 && update % every == 0) {
      double[] moved = progress.moved().get();
      for (int n = 0; n < back.length; n++) {
        back[n] = samples.get(n).adapt(moved[n], eps);
      }
    }
    update++;
    return back;
  }

  private static final class Sample {
    private double size;
    private double wanted;
    private double moved;

    Sample(double size, double wanted, double moved) {
      this.size = size;
      this.wanted = wanted;
      this.moved = moved;
    }

    int entries(int all) {
      return (int) Math.max(1, Math.min(all, Math.ceil(wanted)));
    }

    boolean adapt(double now, double eps) {
      boolean fewer = now / moved < CLEARLY_FEWER;
      size = fewer ? eps : Math.max(size / SHRINKING, SMALLEST * eps);
      wanted = now / FEWER;
      moved = now;
      return fewer;
    }
  }
}
