package dev.merlon.model.verify.soundness;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.norm.Norm;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.question.Question;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A network that means something else in real arithmetic than in floating-point numbers, after
 * Zombori et al. (2021): the margin is {@code c + (relu(size + g(x)) - size)} with a linear g,
 * which is {@code c + g(x)}, but where {@code size} is large g is rounded away.
 *
 * @param model that has been an ONNX file
 * @param query about label 0
 * @param smallest the smallest margin in real arithmetic
 */
record CancellingBranches(ImportedModel model, Query query, double smallest) {
  private static final int INPUTS = 4;

  /**
   * The property of this number.
   *
   * @param bits of the size, {@code 2^bits}
   * @param holds whether the margin stays above 0
   */
  static CancellingBranches of(long seed, int bits, boolean holds, String norm) {
    SplittableRandom random = new SplittableRandom(0x2B0_0000L + 131 * seed + bits);
    float[] x = new float[INPUTS];
    float[] weights = new float[INPUTS];
    float constant = 0;
    for (int i = 0; i < INPUTS; i++) {
      x[i] = random.nextInt(1, 16) / 16f;
      weights[i] = (random.nextInt(8) + 1) * (random.nextBoolean() ? 0.25f : -0.25f);
      constant -= weights[i] * x[i];
    }
    double eps = 1.0 / 32;
    Ball ball = new Ball(norm, ExactCase.wide(x), false);
    double fall = eps * ball.dual(ExactCase.wide(weights));
    float margin = (float) (fall * (holds ? 1.25 : 0.75));
    PerturbationSet set = new NormBall(Norm.of(norm), eps, false);
    return new CancellingBranches(
        model(weights, constant, (float) Math.pow(2, bits), margin),
        Query.of(0, x, 0, new Question(set, Guarantee.REAL)),
        margin - fall);
  }

  // Hidden: size + g, and size alone.
  private static ImportedModel model(float[] weights, float constant, float size, float margin) {
    Network.Builder builder = Network.builder(new Shape(1, 1, INPUTS));
    builder.append("flatten", new Flatten());
    builder.append("g", new Linear(INPUTS, 1, true));
    // relu(g) and relu(-g), so that the size is added to an exact g.
    builder.append("parts", new Linear(1, 2, false));
    builder.append("parts-relu", new Relu());
    builder.append("large", new Linear(2, 1, true));
    builder.append("large-relu", new Relu());
    builder.append("difference", new Linear(1, 1, true));
    builder.append("logits", new Linear(1, 2, true));
    Network network = builder.build();
    Map<String, HostTensor> tensors =
        Map.of(
            "g.weight", HostTensor.of(Arrays.copyOf(weights, INPUTS), 1, INPUTS),
            "g.bias", HostTensor.of(new float[] {constant}, 1),
            "parts.weight", HostTensor.of(new float[] {1, -1}, 2, 1),
            "large.weight", HostTensor.of(new float[] {1, -1}, 1, 2),
            "large.bias", HostTensor.of(new float[] {size}, 1),
            "difference.weight", HostTensor.of(new float[] {1}, 1, 1),
            "difference.bias", HostTensor.of(new float[] {-size}, 1),
            "logits.weight", HostTensor.of(new float[] {1, 0}, 2, 1),
            "logits.bias", HostTensor.of(new float[] {margin, 0}, 2));
    ParameterValues values = ParameterValues.of(network, tensors);
    return OnnxImport.parse(OnnxExport.bytes(network, values, Map.of()), "cancelling");
  }
}
