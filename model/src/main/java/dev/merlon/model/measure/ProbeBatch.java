package dev.merlon.model.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.attack.Pgd;
import dev.merlon.model.attack.StartPoints;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.Margins;
import dev.merlon.model.bound.linear.Crown;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.function.Function;

/** One model and one batch of a sample, and what every measure of them computes. */
final class ProbeBatch {
  // Backward bounds are quickest on coefficient tensors that about fit a processor's cache.
  private static final long COEFFICIENTS = 1L << 20;

  private final LiveNetwork wide;
  private final LiveNetwork narrow;
  private final AttackSettings attack;
  private final Dataset sample;
  private final int[] indices;

  /**
   * A batch.
   *
   * @param wide the model in float64, for bounds
   * @param narrow the model in float32, for attacks
   * @param indices which images of the sample
   */
  ProbeBatch(
      LiveNetwork wide, LiveNetwork narrow, AttackSettings attack, Dataset sample, int[] indices) {
    this.wide = wide;
    this.narrow = narrow;
    this.attack = attack;
    this.sample = sample;
    this.indices = indices.clone();
  }

  /** What a computation is given: tensors of a scope that is closed after it. */
  record Inputs(Scope scope, LiveNetwork live, NDArray x, NDArray labels) {
    /** The smallest margin of each image, {@code [N]}. */
    double[] smallest(NDArray margins) {
      NDArray oneHot = Margins.oneHot(labels, live.network().classes(), margins.getDataType());
      NDArray values = Margins.smallest(margins, oneHot);
      return values.toType(DataType.FLOAT64, false).toDoubleArray();
    }

    double[] smallestOfLogits(NDArray logits) {
      NDArray oneHot = Margins.oneHot(labels, live.network().classes(), logits.getDataType());
      return smallest(Margins.of(logits, oneHot));
    }
  }

  /** Number of images. */
  int size() {
    return indices.length;
  }

  /** Smallest margins of the images themselves, {@code [N]}. */
  double[] cleanMargins() {
    return compute(wide, indices, in -> in.smallestOfLogits(Concrete.logits(in.live(), in.x())));
  }

  /** Smallest margins at the strongest points that the attack finds, {@code [N]}. */
  double[] attackedMargins(NormBall set) {
    return compute(
        narrow, indices, in -> in.smallestOfLogits(Concrete.logits(in.live(), attacked(in, set))));
  }

  /** The strongest points that the attack finds, {@code [N, C, H, W]}. */
  NDArray attacked(Inputs in, NormBall set) {
    var random = CounterRandom.of(0, 0, indices[0], CounterRandom.Role.EVALUATION);
    StartPoints starts = StartPoints.shared(random);
    return Pgd.search(
            in.live(), in.x(), in.labels(), set, attack, Pgd.Options.EVALUATION, starts, in.scope())
        .points();
  }

  /** Lower bounds of the smallest margins by CROWN-IBP, {@code [N]}. */
  double[] crownIbpBounds(NormBall set) {
    double[] bounds = new double[indices.length];
    int step = backwardBatch();
    for (int from = 0; from < indices.length; from += step) {
      int[] part = Arrays.copyOfRange(indices, from, Math.min(from + step, indices.length));
      double[] values =
          compute(
              wide,
              part,
              in -> {
                BoxTrace trace = BoxPropagation.over(in.live(), in.x(), set);
                CrownOptions options = CrownOptions.everyLayerConcretised();
                return in.smallest(Crown.crownIbp(trace, in.x(), set, in.labels(), options));
              });
      System.arraycopy(values, 0, bounds, from, values.length);
    }
    return bounds;
  }

  /** Something about the images in float64, {@code [N]} and finite. */
  double[] inWide(Function<Inputs, double[]> work) {
    return compute(wide, indices, work);
  }

  private double[] compute(LiveNetwork model, int[] chosen, Function<Inputs, double[]> work) {
    try (Scope scope = model.scope().child("probe batch")) {
      double[] values =
          Autograd.withoutGradients(
              () -> {
                LiveNetwork live = model.detached(scope);
                NDArray labels = scope.labels(sample.labels(chosen));
                return work.apply(new Inputs(scope, live, images(scope, live, chosen), labels));
              });
      if (!Arrays.stream(values).allMatch(Double::isFinite)) {
        throw new MerlonException(
            new Failure.Numeric(
                "A margin or a bound of it is not finite",
                "The model has diverged; train with a smaller learning rate."));
      }
      return values;
    }
  }

  private NDArray images(Scope scope, LiveNetwork live, int[] chosen) {
    ImageShape shape = sample.shape();
    double[] pixels = new double[chosen.length * shape.elements()];
    sample.fill(chosen, pixels);
    return scope.tensor(
        pixels, live.type(), chosen.length, shape.channels(), shape.height(), shape.width());
  }

  private int backwardBatch() {
    long widest =
        wide.network().nodes().stream().mapToLong(node -> node.shape().size()).max().orElse(1);
    long fitting = COEFFICIENTS / (widest * wide.network().classes());
    return (int) Math.max(1, Math.min(indices.length, fitting));
  }
}
