package dev.merlon.model.verify.runtime;

import ai.djl.ndarray.NDArray;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.bound.linear.CrownBounds;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.Scope;
import dev.merlon.model.verify.question.Inputs;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Whether the network that bounds are computed on is the function of the model file: its float64
 * logits are compared with ONNX Runtime's on random inputs, and so are bounds of radius 0, which
 * have to enclose the logits.
 */
public final class ImportCheck {
  private static final double TOLERANCE = 1e-4;
  private static final int SEED = 0;
  private static final int SAMPLES = 16;
  private static final int BOUNDED = 2;

  // How many values are computed at once, unless one sample has more.
  private static final long VALUES = 1 << 22;

  private ImportCheck() {}

  /** Differences up to this are float32 rounding: 1e-4 of the largest logit, or of 1. */
  public static double tolerance(double[] logits) {
    double scale = 1;
    for (double logit : logits) {
      scale = Math.max(scale, Math.abs(logit));
    }
    return TOLERANCE * scale;
  }

  /**
   * Compares both on inputs drawn uniformly from {@code [0,1]}.
   *
   * @throws MerlonException (model format) when they differ
   */
  public static void require(LiveNetwork live, Predictor predictor) {
    int length = Math.toIntExact(live.network().inputShape().size());
    RandomGenerator random = CounterRandom.of(SEED, 0, 0, CounterRandom.Role.EVALUATION);
    int atOnce = (int) Math.max(1, Math.min(SAMPLES, VALUES / live.network().values()));
    for (int done = 0; done < SAMPLES; done += atOnce) {
      float[][] inputs = inputs(random, Math.min(atOnce, SAMPLES - done), length);
      double[][] shown = compare(live, predictor, inputs);
      for (int i = 0; i < inputs.length && done + i < BOUNDED; i++) {
        requireBounds(live, inputs[i], shown[i]);
      }
    }
  }

  /** What ONNX Runtime returns. */
  private static double[][] compare(LiveNetwork live, Predictor predictor, float[][] samples) {
    float[] inputs = Inputs.concatenate(List.of(samples));
    double[][] shown = predictor.logits(inputs, samples.length);
    double[] computed = computed(live, inputs, samples.length);
    int classes = live.network().classes();
    double[][] outputs =
        predictor.ending() == Ending.LOGITS ? shown : predictor.outputs(inputs, samples.length);
    for (int n = 0; n < samples.length; n++) {
      if (shown[n].length != classes) {
        throw refused("it returns " + shown[n].length + " logits where its graph has " + classes);
      }
      for (int j = 0; j < classes; j++) {
        double difference = Math.abs(shown[n][j] - computed[n * classes + j]);
        if (!(difference <= tolerance(shown[n]))) {
          throw refused("logits differ by " + difference + " on a random input");
        }
      }
      requireEnding(predictor.ending(), shown[n], outputs[n]);
    }
    return shown;
  }

  private static void requireEnding(Ending ending, double[] logits, double... outputs) {
    double[] expected = ending.outputs(logits);
    double slack = tolerance(expected);
    for (int j = 0; j < expected.length; j++) {
      if (!(Math.abs(outputs[j] - expected[j]) <= slack)) {
        throw refused(
            "output %s is no %s of its logits, which is %s"
                .formatted(outputs[j], ending.operator(), expected[j]));
      }
    }
  }

  private static void requireBounds(LiveNetwork live, float[] input, double[] logits) {
    double slack = tolerance(logits);
    for (Ends ends : boundsAt(live, input)) {
      for (int j = 0; j < logits.length; j++) {
        if (!(ends.lower()[j] <= logits[j] + slack && ends.upper()[j] >= logits[j] - slack)) {
          throw refused(
              "bounds of radius 0 are %s and %s where the logit is %s"
                  .formatted(ends.lower()[j], ends.upper()[j], logits[j]));
        }
      }
    }
  }

  /** Bounds of all logits. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Ends(double[] lower, double[] upper) {
    static Ends of(NDArray lower, NDArray upper) {
      return new Ends(lower.toDoubleArray(), upper.toDoubleArray());
    }
  }

  /** Bounds by boxes, and backwards; they make up for rounding, which is all that widens them. */
  private static List<Ends> boundsAt(LiveNetwork live, float[] input) {
    try (Scope scope = live.scope().child("self-check")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork inner = live.detached(scope);
            NDArray x = Inputs.tensor(scope, inner, input, 1);
            InputSet set = InputSet.between(x, x);
            BoxTrace trace = BoxPropagation.over(inner, set, Rounding.REAL);
            Box box = trace.output();
            int output = live.network().output().id();
            try (CrownBounds bounds = CrownBounds.overBoxes(trace, set, CrownOptions.sparse())) {
              NDArray each =
                  scope.manager().eye(live.network().classes()).toType(live.type(), true);
              NDArray rows = each.expandDims(0);
              return List.of(
                  Ends.of(box.lower(), box.upper()),
                  Ends.of(bounds.lower(output, rows), bounds.lower(output, rows.neg()).neg()));
            }
          });
    }
  }

  private static float[][] inputs(RandomGenerator random, int count, int length) {
    float[][] inputs = new float[count][length];
    for (float[] input : inputs) {
      for (int i = 0; i < length; i++) {
        input[i] = random.nextFloat();
      }
    }
    return inputs;
  }

  private static double[] computed(LiveNetwork live, float[] inputs, int count) {
    try (Scope scope = live.scope().child("self-check")) {
      return Autograd.withoutGradients(
          () -> {
            LiveNetwork inner = live.detached(scope);
            NDArray x = Inputs.tensor(scope, inner, inputs, count);
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
