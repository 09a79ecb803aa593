package dev.merlon.model.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.merlon.model.onnx.operator.ModelRefusal;
import dev.merlon.model.onnx.operator.OperatorMappings;
import dev.merlon.model.onnx.operator.TrailingSoftmax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads ONNX classifiers as networks: one float32 or float64 input with the batch as first axis
 * (fixed or free), one output of logits, the operators of {@link OperatorMappings}. What is not
 * understood is never skipped: the model is refused whole, with the operator and node named.
 */
public final class OnnxImport {
  /** Largest file read, in bytes; every model of the literature is far below. */
  static final long LARGEST_FILE = 512L << 20;

  private static final String CHECK_PATH = "Check the path and its permissions.";
  private static final String COPY_AGAIN = "Export or copy the model again.";

  private OnnxImport() {}

  /**
   * Reads a model file.
   *
   * @throws dev.merlon.config.failure.MerlonException (model format) in one line, when there is no
   *     such file, it cannot be read, or its content is refused
   */
  public static ImportedModel read(Path path) {
    return read(path, path.toString());
  }

  /** As above, with what messages call it. */
  static ImportedModel read(Path path, String name) {
    return parse(bytes(path), name, Optional.of(path.toAbsolutePath()));
  }

  /**
   * The bytes of a model file, whose content is not looked into.
   *
   * @throws dev.merlon.config.failure.MerlonException (model format) in one line, when there is no
   *     such file, it is too large, or it cannot be read
   */
  public static byte[] bytes(Path path) {
    String name = path.toString();
    try {
      if (!Files.exists(path)) {
        throw ModelRefusal.unreadable("There is no model file '" + name + "'.", CHECK_PATH);
      }
      if (!Files.isRegularFile(path)) {
        throw ModelRefusal.unreadable("Model '" + name + "' is not a file.", CHECK_PATH);
      }
      requireSize(name, Files.size(path));
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw ModelRefusal.unreadable(
          "Model '" + name + "' cannot be read: " + e.getMessage() + ".", CHECK_PATH, e);
    }
  }

  /**
   * Reads a model from its bytes.
   *
   * @param name what messages call it
   * @throws dev.merlon.config.failure.MerlonException (model format) in one line, when it is
   *     refused
   */
  public static ImportedModel parse(byte[] file, String name) {
    return parse(file, name, Optional.empty());
  }

  private static ImportedModel parse(byte[] file, String name, Optional<Path> path) {
    requireSize(name, file.length);
    ModelProto model = decode(file, name);
    Optional<NodeProto> softmax = TrailingSoftmax.of(model);
    ModelProto logits = softmax.map(last -> TrailingSoftmax.without(last, model)).orElse(model);
    ModelReader.Result result = new ModelReader(name).read(logits);
    softmax.ifPresent(last -> TrailingSoftmax.requireClasses(last, result.network(), name));
    List<String> warnings = new ArrayList<>(result.warnings());
    softmax.map(TrailingSoftmax::warning).ifPresent(warnings::add);
    byte[] run = result.runnable().equals(logits) ? file : ending(softmax, result).toByteArray();
    return new ImportedModel(
        name, result.network(), result.values(), ModelDigest.of(file), run, path, warnings);
  }

  /** What takes part, with the operator that was not read. */
  private static ModelProto ending(Optional<NodeProto> softmax, ModelReader.Result result) {
    return softmax
        .map(last -> TrailingSoftmax.onto(last, result.runnable()))
        .orElse(result.runnable());
  }

  private static ModelProto decode(byte[] file, String name) {
    try {
      ModelProto model = ModelProto.parseFrom(file);
      if (!model.hasIrVersion() || !model.hasGraph()) {
        throw ModelRefusal.unreadable(
            "Model '" + name + "' is not an ONNX file: it holds no graph.", COPY_AGAIN);
      }
      return model;
    } catch (InvalidProtocolBufferException e) {
      throw ModelRefusal.unreadable(
          "Model '" + name + "' is not an ONNX file, or it is cut short or damaged.",
          COPY_AGAIN,
          e);
    }
  }

  private static void requireSize(String name, long bytes) {
    if (bytes == 0) {
      throw ModelRefusal.unreadable("Model '" + name + "' is empty.", COPY_AGAIN);
    }
    if (bytes > LARGEST_FILE) {
      throw ModelRefusal.unreadable(
          String.format(
              Locale.ROOT,
              "Model '%s' has %d MiB; at most %d MiB are read.",
              name,
              bytes >> 20,
              LARGEST_FILE >> 20),
          "Use a smaller model.");
    }
  }
}
