package dev.merlon.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import java.util.Map;
import java.util.TreeMap;

/**
 * Networks as ONNX files: input {@code input [N, C, H, W]}, output {@code logits [N, K]}, both
 * float32 with a free batch axis, normalisation inside. The bytes depend on nothing but the
 * arguments: equal networks, weights and metadata give equal files.
 *
 * <p>ONNX keeps constants in float32, so means, deviations and batch norm's epsilon are rounded to
 * it; the file is the model from then on, and reading it back gives the rounded constants.
 */
public final class OnnxExport {
  private OnnxExport() {}

  /**
   * The file of a network in evaluation, with running statistics.
   *
   * @param values float32 values of all its tensors; float64 is refused, because rounding would
   *     make another function of it without saying so
   * @param metadata what to note in the file, in any order
   * @throws dev.merlon.config.MerlonException (model format) for float64 values, (numeric) when one
   *     of them is not finite
   */
  public static byte[] bytes(
      Network network, ParameterValues values, Map<String, String> metadata) {
    GraphWriter graph = new GraphWriter(network, values);
    network.evaluate(new OperatorMappings.Writing(graph), OnnxFormat.INPUT);
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(OnnxFormat.IR_VERSION)
            .setProducerName(OnnxFormat.PRODUCER)
            .setProducerVersion(OnnxFormat.PRODUCER_VERSION)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OnnxFormat.OPSET))
            .setGraph(graph.finish());
    new TreeMap<>(metadata)
        .forEach(
            (key, value) ->
                model.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return model.build().toByteArray();
  }
}
