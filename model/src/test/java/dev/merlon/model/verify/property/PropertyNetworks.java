package dev.merlon.model.verify.property;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.attack.AttackStrength;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Flatten;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.PendingProperty;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.vnnlib.VnnLib;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small models as files, and texts of properties about them. */
final class PropertyNetworks {
  /** Room for every model here. */
  static final Limits LIMITS = new Limits(200, 512L << 20, 1);

  private PropertyNetworks() {}

  /** Every rung, with start points of this seed and no limit of time. */
  static Effort effort(long seed) {
    return Effort.of(
        List.of(Rung.values()), AttackStrength.QUICK.attack(), seed, Duration.ofDays(1));
  }

  /**
   * The answer to a property; where there is none, {@code timeout} if the verifier was stopped, and
   * {@code unknown} if rungs of later phases are left.
   */
  static Outcome answer(
      Verifier verifier, VnnLibProperty property, Effort effort, BooleanSupplier stop) {
    Answers answers = verifier.verify(List.of(PendingProperty.fresh(property)), effort, stop);
    return answers.answered().stream()
        .map(Answers.Answered::outcome)
        .findFirst()
        .orElseGet(
            () ->
                stop.getAsBoolean()
                    ? new Outcome.Timeout(Rung.BAB)
                    : new Outcome.Unknown(Rung.BAB, "rungs are left"));
  }

  /** Outputs {@code (|a - b|, a + b)} for inputs of at least 0. */
  static ImportedModel distance() {
    return model(new float[] {1, -1, -1, 1, 1, 1}, new float[3], new float[] {1, 1, 0, 0, 0, 1}, 3);
  }

  /** A random network of two inputs, some hidden neurons and two outputs. */
  static ImportedModel random(RandomGenerator random, int hidden) {
    return model(
        gaussian(random, 2 * hidden),
        gaussian(random, hidden),
        gaussian(random, 2 * hidden),
        hidden);
  }

  private static ImportedModel model(float[] first, float[] bias, float[] last, int hidden) {
    Network.Builder builder = Network.builder(new Shape(1, 1, 2));
    builder.append("flatten", new Flatten());
    builder.append("hidden", new Linear(2, hidden, true));
    builder.append("relu", new Relu());
    builder.append("outputs", new Linear(hidden, 2, true));
    Network network = builder.build();
    Map<String, HostTensor> tensors =
        Map.of(
            "hidden.weight", HostTensor.of(first, hidden, 2),
            "hidden.bias", HostTensor.of(bias, hidden),
            "outputs.weight", HostTensor.of(last, 2, hidden),
            "outputs.bias", HostTensor.of(new float[2], 2));
    ParameterValues values = ParameterValues.of(network, tensors);
    return OnnxImport.parse(OnnxExport.bytes(network, values, Map.of()), "small.onnx");
  }

  private static float[] gaussian(RandomGenerator random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** A property over {@code [0,1]^2} and two outputs with these assertions. */
  static VnnLibProperty property(String... assertions) {
    return property(2, assertions);
  }

  /** A property over {@code [0,1]^2} and so many outputs with these assertions. */
  static VnnLibProperty property(int outputs, String... assertions) {
    StringBuilder text = new StringBuilder();
    Stream<String> names =
        Stream.concat(Stream.of("X_0", "X_1"), IntStream.range(0, outputs).mapToObj(j -> "Y_" + j));
    names.forEach(name -> text.append("(declare-const ").append(name).append(" Real)\n"));
    for (String name : new String[] {"X_0", "X_1"}) {
      text.append(String.format(Locale.ROOT, "(assert (>= %s 0))(assert (<= %s 1))%n", name, name));
    }
    for (String assertion : assertions) {
      text.append("(assert ").append(assertion).append(")\n");
    }
    return VnnLib.parse(text.toString(), "small.vnnlib");
  }
}
