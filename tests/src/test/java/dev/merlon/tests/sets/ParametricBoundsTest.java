package dev.merlon.tests.sets;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.network.Initialisation;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.bound.linear.Crown;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.bound.split.SlopeSettings;
import dev.merlon.model.bound.split.SplitBounds;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.Initialiser;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Bounds over affine images hold for the images of sampled parameters. */
class ParametricBoundsTest {
  private static final Geometry SAME_SIZE = Geometry.of(Extent.square(1), Extent.square(1));
  private static final int SIDE = 4;
  private static final int CLASSES = 3;
  private static final int TRIALS = 46;
  private static final int SAMPLES = 40;

  private record Found(int violated, double closest) {}

  @Test
  void bounds_everyMethod_holdForSampledParameters() {
    Found found = search(Brightness.Flaw.NONE);

    assertThat(found.violated()).isZero();
    // Else the bounds would be too loose for a fault to be seen.
    assertThat(found.closest()).isLessThan(1e-3);
  }

  @Test
  void bounds_enclosureWithoutItsError_areViolated() {
    assertThat(search(Brightness.Flaw.NO_ERROR).violated()).isPositive();
  }

  @Test
  void bounds_generatorOfHalfTheLength_areViolated() {
    assertThat(search(Brightness.Flaw.HALF_GENERATOR).violated()).isPositive();
  }

  private static Found search(Brightness.Flaw flaw) {
    SplittableRandom random = new SplittableRandom(7);
    int violated = 0;
    double closest = Double.POSITIVE_INFINITY;
    for (int trial = 0; trial < TRIALS; trial++) {
      Network network = network(trial < 6 ? 1 + trial % 2 : 0);
      float[] x = new float[SIDE * SIDE];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) random.nextDouble();
      }
      Cell cell =
          Cell.between(
              new double[] {random.nextDouble(-0.5, 0)}, new double[] {random.nextDouble(0, 0.5)});
      try (Scope scope = Scope.open("test")) {
        var values = new Initialiser(Initialisation.DEFAULT).draw(network, trial);
        LiveNetwork live = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
        Brightness set = Brightness.of(0.5, flaw);
        List<double[]> bounds =
            Autograd.withoutGradients(() -> bounds(live, tensor(scope, x), set, cell, scope));
        double[] logits = logits(live, scope, images(set, x, cell, random));
        for (int i = 0; i < logits.length; i += CLASSES) {
          for (double[] known : bounds) {
            for (int j = 1; j < CLASSES; j++) {
              double above = logits[i] - logits[i + j] - known[j];
              violated += above < 0 ? 1 : 0;
              closest = Math.min(closest, Math.abs(above));
            }
          }
        }
      }
    }
    return new Found(violated, closest);
  }

  // Of both ends of the cell, and of parameters between.
  private static double[] images(Brightness set, float[] x, Cell cell, SplittableRandom random) {
    double[] all = new double[SAMPLES * x.length];
    for (int sample = 0; sample < SAMPLES; sample++) {
      double share = sample < 2 ? sample : random.nextDouble();
      double at = cell.lower(0) + share * (cell.upper(0) - cell.lower(0));
      double[] image = set.image(x, cell.nearest(at));
      System.arraycopy(image, 0, all, sample * x.length, x.length);
    }
    return all;
  }

  private static double[] logits(LiveNetwork live, Scope scope, double... images) {
    NDArray batch = scope.tensor(images, DataType.FLOAT64, SAMPLES, 1, SIDE, SIDE);
    return Autograd.withoutGradients(() -> Concrete.logits(live, batch).toDoubleArray());
  }

  private static List<double[]> bounds(
      LiveNetwork live, NDArray x, Brightness set, Cell cell, Scope scope) {
    InputSet input = InputSet.around(x, set, cell);
    NDArray labels = scope.labels(0);
    BoxTrace trace = BoxPropagation.over(live, input, Rounding.REAL);
    CrownOptions sparse = CrownOptions.sparse().withRounding(Rounding.REAL);
    List<double[]> all = new ArrayList<>();
    all.add(trace.marginLowerBounds(labels).toDoubleArray());
    all.add(
        Crown.crownIbp(trace, input, labels, CrownOptions.everyLayerConcretised()).toDoubleArray());
    all.add(Crown.crown(live, input, labels, sparse).toDoubleArray());
    PreActivations known = PreActivations.crown(live, input, sparse, scope);
    try (SplitBounds bounds = SplitBounds.over(live, input, known, 1 << 16)) {
      NDArray rows = bounds.marginRows(0, new int[] {1, 2}, scope);
      double[] split = new double[CLASSES];
      List<SplitBounds.Bounded> each =
          bounds.maximise(
              bounds.output(),
              rows,
              List.of(bounds.whole(), bounds.whole()),
              SlopeSettings.whole(10),
              () -> false);
      split[1] = each.get(0).lower();
      split[2] = each.get(1).lower();
      all.add(split);
    }
    return all;
  }

  private static NDArray tensor(Scope scope, float... x) {
    return scope.tensor(x, DataType.FLOAT64, 1, 1, SIDE, SIDE);
  }

  // On an affine network backward bounds lose nothing, so that every fault is seen.
  private static Network network(int kind) {
    Network.Builder layers = Network.builder(new Shape(1, SIDE, SIDE));
    if (kind == 0) {
      layers.append("flatten", new Flatten());
      layers.append("linear", new Linear(SIDE * SIDE, CLASSES, true));
      return layers.build();
    }
    if (kind == 1) {
      layers.append("conv", new Conv2d(1, 2, Extent.square(3), SAME_SIZE, true));
      layers.append("relu0", new Relu());
    }
    layers.append("flatten", new Flatten());
    layers.append("linear1", new Linear((kind == 1 ? 2 : 1) * SIDE * SIDE, 6, true));
    layers.append("relu1", new Relu());
    layers.append("linear2", new Linear(6, CLASSES, true));
    return layers.build();
  }
}
