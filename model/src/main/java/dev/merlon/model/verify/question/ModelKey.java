package dev.merlon.model.verify.question;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.ModelUse;

/**
 * A model as verdicts are about it: a file, and what is done around its graph.
 *
 * @param sha256 its content, see {@link dev.merlon.model.onnx.ModelDigest}
 * @param use what is done to inputs before the graph, and how its output is read
 */
public record ModelKey(String sha256, ModelUse use) {
  /** The key of a model. */
  public static ModelKey of(ImportedModel model) {
    return new ModelKey(model.sha256(), model.use());
  }

  /** The use in one form only: equal texts for equal uses. Empty for the file as it is. */
  public String scaling() {
    String before = use.input().map(words -> "input " + words).orElse("");
    String behind = use.threshold().map(decisive -> "threshold " + decisive.value()).orElse("");
    return (before + "\n" + behind).strip();
  }
}
