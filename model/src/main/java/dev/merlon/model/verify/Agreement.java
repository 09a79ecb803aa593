package dev.merlon.model.verify;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.bound.Box;
import dev.merlon.model.bound.BoxPropagation;
import dev.merlon.model.bound.BoxTrace;
import dev.merlon.model.bound.CrownBounds;
import dev.merlon.model.bound.CrownOptions;
import dev.merlon.model.bound.InputSet;
import dev.merlon.model.bound.Rounding;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Whether the network that bounds are computed on is the function of the model file: its float64
 * logits are compared with ONNX Runtime's on random inputs, and so are bounds of radius 0.
 */
public final class Agreement {
  private static final double TOLERANCE = 1e-4;
  private static final int SAMPLES = 16;
  private static final int BOUNDED = 2;

  private Agreement() {}

  /** Differences up to this are float32 rounding: 1e-4 of the largest logit, or of 1. */
  static double tolerance(float[] logits) {
    double scale = 1;
    for (float logit : logits) {
      scale = Math.max(scale, Math.abs(logit));
    }
    return TOLERANCE * scale;
  }

  /**
   * Compares both on inputs drawn uniformly from {@code [0,1]}.
   *
   * @throws MerlonException (model format) when they differ
   */
  public static void require(LiveNetwork live, Predictor predictor, long seed) {
    float[] inputs = inputs(live, seed);
    float[][] shown = predictor.logits(inputs, SAMPLES);
    double[] computed = computed(live, inputs);
    int classes = live.network().classes();
    for (int n = 0; n < SAMPLES; n++) {
      if (shown[n].length != classes) {
        throw refused("it returns " + shown[n].length + " logits where its graph has " + classes);
      }
      for (int j = 0; j < classes; j++) {
        double difference = Math.abs(shown[n][j] - computed[n * classes + j]);
        if (!(difference <= tolerance(shown[n]))) {
          throw refused("logits differ by " + difference + " on a random input");
        }
      }
    }
    requireBounds(live, inputs, shown);
  }

  private static void requireBounds(LiveNetwork live, float[] inputs, float[][] shown) {
    int size = inputs.length / SAMPLES;
    float[] points = Arrays.copyOf(inputs, BOUNDED * size);
    int classes = live.network().classes();
    for (double[][] ends : boundsAt(live, points)) {
      for (int i = 0; i < BOUNDED * classes; i++) {
        float[] logits = shown[i / classes];
        double logit = logits[i % classes];
        double slack = tolerance(logits);
        if (ends[0][i] > logit + slack || ends[1][i] < logit - slack) {
          throw refused(
              "bounds of radius 0 are %s and %s where a logit is %s"
                  .formatted(ends[0][i], ends[1][i], logit));
        }
      }
    }
  }

  /** Lower and upper ends of all logits by boxes, and backwards. */
  private static List<double[][]> boundsAt(LiveNetwork live, float[] points) {
    try (Scope scope = live.scope().child("self-check")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork inner = live.detached(scope);
            NDArray x = Inputs.tensor(scope, inner, points, BOUNDED);
            InputSet set = InputSet.between(x, x);
            BoxTrace trace = BoxPropagation.over(inner, set, Rounding.REAL);
            Box box = trace.output();
            int output = live.network().output().id();
            try (CrownBounds bounds = CrownBounds.overBoxes(trace, set, CrownOptions.sparse())) {
              NDArray each =
                  scope.manager().eye(live.network().classes()).toType(live.type(), true);
              NDArray rows = each.expandDims(0);
              return List.of(
                  ends(box.lower(), box.upper()),
                  ends(bounds.lower(output, rows), bounds.lower(output, rows.neg()).neg()));
            }
          });
    }
  }

  private static double[][] ends(NDArray lower, NDArray upper) {
    return new double[][] {lower.toDoubleArray(), upper.toDoubleArray()};
  }

  private static float[] inputs(LiveNetwork live, long seed) {
    RandomGenerator random = CounterRandom.of(seed, 0, 0, CounterRandom.Role.EVALUATION);
    float[] inputs = new float[SAMPLES * (int) live.network().inputShape().size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = random.nextFloat();
    }
    return inputs;
  }

  private static double[] computed(LiveNetwork live, float[] inputs) {
    try (Scope scope = live.scope().child("self-check")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork inner = live.detached(scope);
            NDArray x = Inputs.tensor(scope, inner, inputs, SAMPLES);
            return Concrete.logits(inner, x).toDoubleArray();
          });
    }
  }

  private static MerlonException refused(String problem) {
    return new MerlonException(
        new Failure.ModelFormat(
            "The model file and its imported graph disagree: " + problem,
            "Nothing can be certified about this file; please report it with the file."));
  }
}
