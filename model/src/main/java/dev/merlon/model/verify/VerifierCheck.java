package dev.merlon.model.verify;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Conv2d;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A small convolutional classifier whose answers are known, verified by every rung: written, read
 * back, bounded forwards and backwards, attacked. Its first logit is the sum of the 16 pixels, its
 * second one 6; at a grey image of 0.75 their margin over a ball of {@code linf} is {@code 6 - 16
 * eps}.
 */
public final class VerifierCheck {
  private static final int SIDE = 4;
  private static final float GREY = 0.75f;
  private static final float OTHER_LOGIT = 6;
  private static final ThreatSpec HOLDS = new ThreatSpec("linf", 0.25);
  private static final ThreatSpec FAILS = new ThreatSpec("linf", 0.5);
  private static final Limits LIMITS = new Limits(1, 64L << 20, 1);

  private VerifierCheck() {}

  /**
   * Runs it.
   *
   * @throws MerlonException (device) when an answer is wrong; whatever a rung throws
   */
  public static void run() {
    for (Rung rung : Rung.values()) {
      switch (rung) {
        case PREDICT -> {} // of every ladder
        case PGD, TARGETED_PGD -> require(rung, FAILS, Outcome.Kind.FALSIFIED);
        case IBP, CROWN_IBP, CROWN, ALPHA_CROWN, BAB ->
            require(rung, HOLDS, Outcome.Kind.CERTIFIED);
      }
    }
  }

  /** The classifier. */
  public static ImportedModel classifier() {
    return OnnxImport.parse(model(), "check");
  }

  /** A property that it has: the first logit is ahead for all pixels from 0.5 to 1. */
  public static VnnLibProperty property() {
    StringBuilder text = new StringBuilder();
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      text.append("(declare-const X_").append(pixel).append(" Real)\n");
    }
    text.append("(declare-const Y_0 Real)\n(declare-const Y_1 Real)\n");
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      text.append("(assert (>= X_").append(pixel).append(" 0.5))\n");
      text.append("(assert (<= X_").append(pixel).append(" 1.0))\n");
    }
    return VnnLib.parse(text.append("(assert (<= Y_0 Y_1))\n").toString(), "check");
  }

  private static void require(Rung rung, ThreatSpec threat, Outcome.Kind expected) {
    Effort effort =
        Effort.of(List.of(rung), AttackStrength.QUICK.attack(), 0, Duration.ofMinutes(1));
    float[] grey = new float[SIDE * SIDE];
    Arrays.fill(grey, GREY);
    Query query = Query.of(0, grey, 0, new Question(NormBall.of(threat, true), Guarantee.REAL));
    try (LadderVerifier verifier = LadderVerifier.open(classifier(), LIMITS)) {
      Outcome outcome = verifier.verify(List.of(query), effort).get(0).outcome();
      if (outcome.kind() != expected) {
        throw new MerlonException(
            new Failure.Device(
                "The rung "
                    + rung.word()
                    + " answered "
                    + outcome.kind().word()
                    + " instead of "
                    + expected.word()
                    + " for a small model: "
                    + outcome.reason().orElse("no reason given")
                    + ".",
                "Verification does not work on this machine; the log says more."));
      }
    }
  }

  // A convolution that copies the image, and one that is never active.
  private static byte[] model() {
    Extent one = Extent.square(1);
    Network.Builder layers = Network.builder(new Shape(1, SIDE, SIDE));
    layers.append("conv", new Conv2d(1, 2, Extent.square(3), Geometry.of(one, one), true));
    layers.append("relu", new Relu());
    layers.append("flatten", new Flatten());
    layers.append("linear", new Linear(2 * SIDE * SIDE, 2, true));
    Network network = layers.build();
    float[] kernels = new float[18];
    kernels[4] = 1;
    Arrays.fill(kernels, 9, 18, 1);
    float[] weight = new float[4 * SIDE * SIDE];
    Arrays.fill(weight, 0, 2 * SIDE * SIDE, 1);
    Map<String, HostTensor> values =
        Map.of(
            "conv.weight", HostTensor.of(kernels, 2, 1, 3, 3),
            "conv.bias", HostTensor.of(new float[] {0, -10}, 2),
            "linear.weight", HostTensor.of(weight, 2, 2 * SIDE * SIDE),
            "linear.bias", HostTensor.of(new float[] {0, OTHER_LOGIT}, 2));
    return OnnxExport.bytes(network, ParameterValues.of(network, values), Map.of());
  }
}
