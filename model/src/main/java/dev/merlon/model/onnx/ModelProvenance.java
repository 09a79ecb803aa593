package dev.merlon.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.merlon.config.RunSettings;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.onnx.graph.OnnxFormat;
import dev.merlon.model.onnx.operator.ModelRefusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a model file that Merlon trained says about its origin.
 *
 * @param settings digest of the settings it was trained with; empty if the file does not say
 * @param data digest of the images it was trained on; empty if the file does not say
 * @param weights {@code averaged} for an average of weights; otherwise empty
 */
public record ModelProvenance(
    Optional<String> settings, Optional<String> data, Optional<String> weights) {
  /** The file's note of the settings' digest. */
  public static final String SETTINGS = "merlon.settings";

  /** The file's note of the images' digest. */
  public static final String DATA = "merlon.data";

  /** The file's note of how its weights came about. */
  public static final String WEIGHTS = "merlon.weights";

  /** The file's note of the way networks are written. */
  static final String FORMAT = "merlon.format";

  /** The file's note of what training minimised. */
  static final String OBJECTIVE = "merlon.objective";

  /** The file's note of the sets that were trained against; missing where there were none. */
  static final String THREATS = "merlon.threats";

  /**
   * The notes for a file. They tell runs apart by what decides their bits, and nothing else: no
   * release, time or place.
   *
   * @param run what it was trained with
   * @param settings digest of these settings as the run keeps them
   * @param data digest of the images it was trained on
   * @param averaged whether its weights are an average
   */
  public static Map<String, String> notes(
      RunSettings run, String settings, String data, boolean averaged) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put(FORMAT, OnnxFormat.PRODUCER_VERSION);
    notes.put(OBJECTIVE, run.objective().kind());
    List<ThreatSpec> threats = run.trainedThreats();
    if (!threats.isEmpty()) {
      notes.put(
          THREATS, threats.stream().map(ThreatSpec::toString).collect(Collectors.joining(", ")));
    }
    notes.put(SETTINGS, settings);
    notes.put(DATA, data);
    if (averaged) {
      notes.put(WEIGHTS, "averaged");
    }
    return notes;
  }

  /**
   * Reads the notes of a model file.
   *
   * @throws dev.merlon.config.failure.MerlonException (model format) if it is no model file
   */
  public static ModelProvenance of(ImportedModel model) {
    try {
      ModelProto file = ModelProto.parseFrom(model.file());
      return new ModelProvenance(note(file, SETTINGS), note(file, DATA), note(file, WEIGHTS));
    } catch (InvalidProtocolBufferException damaged) {
      throw ModelRefusal.unreadable(
          "Model '" + model.name() + "' is not an ONNX file.", "Export it again.", damaged);
    }
  }

  /**
   * The same model file with another digest of its settings; a file without one stays as it is.
   *
   * @throws InvalidProtocolBufferException if it is no model file
   */
  public static byte[] withSettings(byte[] model, String digest)
      throws InvalidProtocolBufferException {
    ModelProto.Builder file = ModelProto.parseFrom(model).toBuilder();
    for (StringStringEntryProto.Builder note : file.getMetadataPropsBuilderList()) {
      if (note.getKey().equals(SETTINGS)) {
        note.setValue(digest);
      }
    }
    return file.build().toByteArray();
  }

  private static Optional<String> note(ModelProto file, String key) {
    return file.getMetadataPropsList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst();
  }
}
