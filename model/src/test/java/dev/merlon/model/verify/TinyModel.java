package dev.merlon.model.verify;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackSettings;
import dev.merlon.config.attack.AttackStatistics;
import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.config.attack.StepDecay;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.runtime.Predictor;
import dev.merlon.model.verify.verdict.Rung;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Networks small enough to know their exact robustness, each also written as a plain function that
 * stands for the model file.
 */
record TinyModel(Network network, ParameterValues values, Function<float[], float[]> function) {

  /** Logits {@code (x, 1 - x)}: class 0 wins by {@code 2x - 1}. */
  static TinyModel line() {
    return linear(new float[] {1, -1}, new float[] {0, 1}, 1, x -> new float[] {x[0], 1 - x[0]});
  }

  /** Logits {@code (a + b, 1)}: class 0 wins by {@code a + b - 1}. */
  static TinyModel plane() {
    return linear(
        new float[] {1, 1, 0, 0}, new float[] {0, 1}, 2, x -> new float[] {x[0] + x[1], 1});
  }

  /** Logits {@code (x + 0.05, 0)}: class 0 wins on {@code [0,1]}, and loses below -0.05. */
  static TinyModel floor() {
    return linear(
        new float[] {1, 0}, new float[] {0.05f, 0}, 1, x -> new float[] {x[0] + 0.05f, 0});
  }

  /**
   * Logits {@code (relu(a - 0.5) + 0.2, relu(a - 0.5))}: class 0 always wins by 0.2, which boxes
   * cannot see but linear bounds can.
   */
  static TinyModel cancelling() {
    return twoNeurons(
        new float[] {-0.5f, -0.5f},
        new float[] {1, 0, 0, 1},
        new float[] {0.2f, 0},
        x -> new float[] {Math.max(0, x[0] - 0.5f) + 0.2f, Math.max(0, x[0] - 0.5f)});
  }

  /**
   * Class 1 rises steeply with x, but stays 0.1 below class 0; class 2, nearly flat, beats it below
   * 0.15: the cross-entropy leads away from there.
   */
  static TinyModel decoy() {
    return twoNeurons(
        new float[] {0, -0.8f},
        new float[] {0, 0, 4, -4, -0.2f, 0},
        new float[] {0, -3.3f, 0.03f},
        x -> {
          float left = Math.max(0, x[0]);
          return new float[] {
            0, 4 * left - 4 * Math.max(0, x[0] - 0.8f) - 3.3f, 0.03f - 0.2f * left
          };
        });
  }

  /** The same network with another file behind it. */
  TinyModel withFile(Function<float[], float[]> file) {
    return new TinyModel(network, values, file);
  }

  FilePredictor predictor() {
    return new FilePredictor(function);
  }

  static final Limits LIMITS = new Limits(100, 1 << 20, 1);

  static final ModelKey KEY = new ModelKey("0".repeat(64), ModelUse.PLAIN);

  /** All rungs without a limit. */
  static Effort effort() {
    return effort(List.of(Rung.values()), Duration.ofHours(1));
  }

  static Effort effort(List<Rung> rungs, Duration timeout) {
    AttackSettings attack =
        new AttackSettings(20, 1, 0.25, StepDecay.none(), AttackStatistics.EVAL, true);
    return Effort.of(rungs, EvaluationAttack.pgd(attack), 1, timeout);
  }

  // Rectified x + bias, twice.
  private static TinyModel twoNeurons(
      float[] hidden, float[] weight, float[] bias, Function<float[], float[]> function) {
    int classes = bias.length;
    Network.Builder builder = Network.builder(new Shape(1, 1, 1));
    builder.append("flatten", new Flatten());
    builder.append("hidden", new Linear(1, 2, true));
    builder.append("relu", new Relu());
    builder.append("logits", new Linear(2, classes, true));
    Network network = builder.build();
    Map<String, HostTensor> tensors =
        Map.of(
            "hidden.weight", HostTensor.of(new float[] {1, 1}, 2, 1),
            "hidden.bias", HostTensor.of(hidden, 2),
            "logits.weight", HostTensor.of(weight, classes, 2),
            "logits.bias", HostTensor.of(bias, classes));
    return new TinyModel(network, ParameterValues.of(network, tensors), function);
  }

  private static TinyModel linear(
      float[] weight, float[] bias, int inputs, Function<float[], float[]> function) {
    Network.Builder builder = Network.builder(new Shape(1, 1, inputs));
    builder.append("flatten", new Flatten());
    builder.append("logits", new Linear(inputs, 2, true));
    Network network = builder.build();
    Map<String, HostTensor> tensors =
        Map.of(
            "logits.weight", HostTensor.of(weight, 2, inputs),
            "logits.bias", HostTensor.of(bias, 2));
    return new TinyModel(network, ParameterValues.of(network, tensors), function);
  }

  /** A verifier of this model with its plain function as its file. */
  Verifier open() {
    return open(LIMITS, System::nanoTime);
  }

  Verifier open(Limits limits, LongSupplier clock) {
    return LadderVerifier.open(KEY, network, values, predictor(), limits, clock);
  }

  /** A model file that is a Java function; counts its closings. */
  static final class FilePredictor implements Predictor {
    private final Function<float[], float[]> function;
    private int closed;

    FilePredictor(Function<float[], float[]> function) {
      this.function = function;
    }

    @Override
    public double[][] outputs(float[] inputs, int count) {
      int length = inputs.length / count;
      double[][] outputs = new double[count][];
      for (int n = 0; n < count; n++) {
        float[] one = function.apply(Arrays.copyOfRange(inputs, n * length, (n + 1) * length));
        outputs[n] = IntStream.range(0, one.length).mapToDouble(j -> one[j]).toArray();
      }
      return outputs;
    }

    @Override
    public double[][] logits(float[] inputs, int count) {
      return outputs(inputs, count);
    }

    @Override
    public Ending ending() {
      return Ending.LOGITS;
    }

    @Override
    public double[][] replay(double[] inputs, int count) {
      throw new UnsupportedOperationException("only asked about images");
    }

    @Override
    public DataType inputType() {
      return DataType.FLOAT32;
    }

    @Override
    public DataType outputType() {
      return DataType.FLOAT32;
    }

    int closed() {
      return closed;
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
