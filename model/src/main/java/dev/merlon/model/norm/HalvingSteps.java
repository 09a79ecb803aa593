package dev.merlon.model.norm;

import ai.djl.ndarray.NDArray;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The steps of APGD (Croce and Hein 2020, section 3): first of twice the radius, with momentum. At
 * checkpoints a sample's step is halved, and the sample returns to its best point, if (1) the loss
 * rose in less than a share of the steps since the checkpoint before, or (2) the step was not
 * halved there and the best loss is still the same.
 */
final class HalvingSteps implements AdaptiveSteps {
  private static final double FIRST = 2;
  private static final double SHARE = 0.75;
  private static final double RISING = 0.75;
  // Checkpoints in percent of all steps: the first, by how much less the distance between two is
  // than that before, the smallest distance.
  private static final int FIRST_CHECK = 22;
  private static final int SHORTER = 3;
  private static final int SHORTEST = 6;

  private final Norm norm;
  private final List<Integer> checkpoints;
  private final List<Sample> samples;
  private int update;
  private int checked;

  HalvingSteps(Norm norm, Run run) {
    this.norm = norm;
    this.checkpoints = checkpoints(run.steps());
    this.samples =
        Stream.generate(() -> new Sample(FIRST * run.eps())).limit(run.samples()).toList();
  }

  /** After which steps of so many it is looked back. */
  static List<Integer> checkpoints(int steps) {
    List<Integer> after = new ArrayList<>();
    int distance = FIRST_CHECK;
    for (int percent = FIRST_CHECK; percent <= 100; percent += distance) {
      after.add((int) (((long) percent * steps + 99) / 100));
      distance = Math.max(distance - SHORTER, SHORTEST);
    }
    return after.stream().distinct().toList();
  }

  // Of the gradient's scale nothing is left, so that tiny gradients have a direction too.
  @Override
  public NDArray move(NDArray gradient, Scope work) {
    NDArray flat = work.constant(gradient).reshape(samples.size(), -1);
    NDArray largest = flat.abs().max(new int[] {1}, true);
    NDArray none = largest.eq(0).toType(largest.getDataType(), false);
    NDArray scaled = flat.div(largest.add(none)).reshape(gradient.getShape());
    double[] sizes = samples.stream().mapToDouble(sample -> sample.size).toArray();
    NDArray direction = norm.steepest(scaled);
    return direction.mul(AdaptiveSteps.perSample(sizes, gradient, work));
  }

  @Override
  public double share() {
    return SHARE;
  }

  @Override
  public boolean[] settle(Progress progress) {
    boolean[] back = new boolean[samples.size()];
    boolean check = checkpoints.contains(update);
    for (int n = 0; n < back.length; n++) {
      Sample sample = samples.get(n);
      sample.note(update, progress.losses()[n], progress.best()[n]);
      back[n] = check && sample.halvesAfter(update - checked, progress.best()[n]);
    }
    checked = check ? update : checked;
    update++;
    return back;
  }

  private static final class Sample {
    private double size;
    private double loss;
    private int rises;
    private boolean halved;
    private double bestAtCheck;

    Sample(double size) {
      this.size = size;
    }

    void note(int update, double now, double best) {
      if (update == 0) {
        bestAtCheck = best;
      } else if (now > loss) {
        rises++;
      }
      loss = now;
    }

    boolean halvesAfter(int steps, double best) {
      boolean seldomRose = rises < RISING * steps;
      boolean stuck = !halved && best == bestAtCheck;
      halved = seldomRose || stuck;
      if (halved) {
        size /= 2;
        loss = best;
      }
      rises = 0;
      bestAtCheck = best;
      return halved;
    }
  }
}
