package dev.merlon.model.bound.soundness;

import dev.merlon.model.bound.soundness.DenseNetwork.Misreading;
import dev.merlon.model.bound.soundness.DenseNetwork.Step;
import dev.merlon.model.network.Network;
import java.util.HashMap;
import java.util.Map;

/**
 * The bounds of the dense implementation, with one mistake planted; with {@link Fault#NONE} they
 * agree with ours.
 *
 * @param kind which bounds
 * @param fault the mistake
 */
record DenseBounds(Kind kind, Fault fault) implements BoundsUnderTest {
  /** Which bounds. */
  enum Kind {
    /** Boxes. */
    IBP,
    /** Backward bounds over boxes. */
    CROWN_IBP,
    /** Backward bounds for everything. */
    CROWN
  }

  @Override
  public double[][] margins(OpenCase open, double eps, int samples) {
    double[][] margins = new double[samples][];
    for (int n = 0; n < samples; n++) {
      DenseSample sample = sample(open, eps, n);
      double[][] rows = rows(open.spec().network().classes(), open.labels()[n]);
      margins[n] =
          kind == Kind.IBP
              ? sample.merged(rows)
              : sample.lower(open.spec().network().output().id(), rows);
    }
    return margins;
  }

  @Override
  public Map<Integer, HostBox> boxes(OpenCase open, double eps) {
    Network network = open.spec().network();
    Map<Integer, HostBox> boxes = new HashMap<>();
    for (int n = 0; n < open.samples(); n++) {
      DenseSample sample = sample(open, eps, n);
      for (int value = kind == Kind.IBP ? 0 : 1; value <= network.nodes().size(); value++) {
        Ends ends = kind == Kind.IBP ? sample.box(value) : sample.ends(value);
        put(boxes, value, n, open.samples(), ends);
      }
      if (kind != Kind.IBP) {
        for (Step step : open.dense(Misreading.NONE).steps()) {
          if (step instanceof DenseNonlinear nonlinear) {
            int operand = nonlinear.operand();
            put(boxes, operand, n, open.samples(), sample.preActivation(operand));
          }
        }
      }
    }
    return boxes;
  }

  private DenseSample sample(OpenCase open, double eps, int n) {
    double[] center = HostBox.rows(open.inputs())[n];
    DenseBall ball = new DenseBall(center, open.spec().set(eps));
    DenseSample sample =
        new DenseSample(
            open.dense(fault.misreading()), open.dense(Misreading.NO_PADDING), ball, fault);
    if (kind != Kind.IBP) {
      sample.relax(kind == Kind.CROWN);
    }
    return sample;
  }

  private static double[][] rows(int classes, int label) {
    double[][] rows = Dense.identity(classes, -1);
    for (double[] row : rows) {
      row[label] += 1;
    }
    return rows;
  }

  private static void put(Map<Integer, HostBox> boxes, int value, int n, int samples, Ends ends) {
    HostBox box =
        boxes.computeIfAbsent(
            value, id -> new HostBox(new double[samples][], new double[samples][]));
    box.lower()[n] = ends.lower();
    box.upper()[n] = ends.upper();
  }
}
