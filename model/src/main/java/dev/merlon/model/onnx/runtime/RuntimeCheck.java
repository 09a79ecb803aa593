package dev.merlon.model.onnx.runtime;

import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.Linear;
import dev.merlon.model.network.operation.Relu;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.tensor.HostTensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What ONNX Runtime is on this machine, and one small model whose answer is known: written, loaded
 * and run. Every method throws a device failure when the runtime cannot be loaded.
 */
public final class RuntimeCheck {
  // relu(W x + b) with W = [[1, 2], [-3, 4]] and b = [1, -5], then [[1, 1]].
  private static final float[] WEIGHT = {1, 2, -3, 4};
  private static final float[] BIAS = {1, -5};
  private static final float[] SUM = {1, 1};
  private static final float[] INPUTS = {1, 1, 0, 2};
  private static final double[] LOGITS = {4, 8};

  private RuntimeCheck() {}

  /** The version of ONNX Runtime. */
  public static String version() {
    return RuntimeEnvironment.get().getVersion();
  }

  /** The execution providers that the loaded library has, such as {@code CPU}. */
  public static List<String> providers() {
    RuntimeEnvironment.get();
    return OrtEnvironment.getAvailableProviders().stream()
        .sorted(Comparator.naturalOrder())
        .map(OrtProvider::name)
        .toList();
  }

  /**
   * Runs the small model.
   *
   * @throws MerlonException (device) when its answer is wrong
   */
  public static void run() {
    Network.Builder layers = Network.builder(new Shape(2));
    layers.append("hidden", new Linear(2, 2, true));
    layers.append("relu", new Relu());
    layers.append("sum", new Linear(2, 1, false));
    Network network = layers.build();
    ParameterValues values =
        ParameterValues.of(
            network,
            Map.of(
                "hidden.weight", HostTensor.of(WEIGHT, 2, 2),
                "hidden.bias", HostTensor.of(BIAS, 2),
                "sum.weight", HostTensor.of(SUM, 1, 2)));
    byte[] model = OnnxExport.bytes(network, values, Map.of());
    try (RuntimeSession session = RuntimeSession.open(model, 1)) {
      double[][] rows = session.outputs(INPUTS, LOGITS.length);
      double[] logits = {rows[0][0], rows[1][0]};
      if (!Arrays.equals(LOGITS, logits)) {
        throw MerlonException.device(
            "ONNX Runtime computed "
                + Arrays.toString(logits)
                + " instead of "
                + Arrays.toString(LOGITS)
                + " for a small model.",
            "Its native library does not work on this machine.");
      }
    }
  }
}
