package dev.merlon.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.merlon.config.ExportSettings;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.graph.GraphWriter;
import dev.merlon.model.onnx.graph.OnnxFormat;
import dev.merlon.model.onnx.operator.OperatorMappings;
import dev.merlon.model.onnx.operator.OperatorSets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Networks as ONNX files: input {@code input [N, C, H, W]}, output {@code logits [N, K]}, both
 * float32 with a free batch axis, normalisation inside. The bytes depend on nothing but the
 * arguments: equal networks, weights, metadata and operator sets give equal files.
 *
 * <p>ONNX keeps constants in float32, so means, deviations and batch norm's epsilon are rounded to
 * it; the file is the model from then on, and reading it back gives the rounded constants.
 */
public final class OnnxExport {
  private OnnxExport() {}

  /**
   * The file in the lowest operator set that holds the network, see {@link #bytes(Network,
   * ParameterValues, Map, ExportSettings)}.
   */
  public static byte[] bytes(
      Network network, ParameterValues values, Map<String, String> metadata) {
    return bytes(network, values, metadata, ExportSettings.LOWEST);
  }

  /**
   * The file of a network in evaluation, with running statistics.
   *
   * @param values float32 values of all its tensors; float64 is refused, because rounding would
   *     make another function of it without saying so
   * @param metadata what to note in the file, in any order
   * @throws dev.merlon.config.failure.MerlonException (model format) for float64 values, (numeric)
   *     when one of them is not finite, (configuration) when the operator set asked for does not
   *     hold the network's operators
   */
  public static byte[] bytes(
      Network network,
      ParameterValues values,
      Map<String, String> metadata,
      ExportSettings settings) {
    GraphWriter graph = written(network, Optional.of(values));
    int opset = OperatorSets.of(graph.operators(), settings.opset());
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(OperatorSets.format(opset))
            .setProducerName(OnnxFormat.PRODUCER)
            .setProducerVersion(OnnxFormat.PRODUCER_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
            .setGraph(graph.finish());
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build().toByteArray();
  }

  /**
   * Refuses an operator set that a network cannot be written in.
   *
   * @throws dev.merlon.config.failure.MerlonException (configuration) that names the operator
   */
  public static void requireFit(Network network, ExportSettings settings) {
    OperatorSets.of(written(network, Optional.empty()).operators(), settings.opset());
  }

  private static GraphWriter written(Network network, Optional<ParameterValues> values) {
    GraphWriter graph = new GraphWriter(network, values);
    network.evaluate(new OperatorMappings.Writing(graph), OnnxFormat.INPUT);
    return graph;
  }
}
