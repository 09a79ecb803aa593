package dev.merlon.model.onnx;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;

/** What files that are written have in common, and how one that is not understood is refused. */
final class OnnxFormat {
  /** Oldest operator set read: since 7, sums broadcast as in NumPy and batch norm is inference. */
  static final long OLDEST_OPSET = 7;

  /** Who wrote the file. */
  static final String PRODUCER = "merlon";

  /** Version of the way networks are written; changes whenever equal networks give other bytes. */
  static final String PRODUCER_VERSION = "2";

  /** Name of the default operator domain, which may also be written as an empty string. */
  static final String DOMAIN = "ai.onnx";

  /** Name of the input tensor of files we write. */
  static final String INPUT = "input";

  /** Name of the output tensor of files we write. */
  static final String OUTPUT = "logits";

  private static final int LONGEST_LINE = 400;

  private OnnxFormat() {}

  /** A model that is refused as a whole because of what is in it. */
  static MerlonException refused(String message) {
    return new MerlonException(new Failure.ModelFormat(oneLine(message), supported()));
  }

  /** A model that is refused as a whole because of what is in it. */
  static MerlonException refused(String message, Throwable cause) {
    return new MerlonException(new Failure.ModelFormat(oneLine(message), supported()), cause);
  }

  /** A file that cannot be read as a model at all. */
  static MerlonException unreadable(String message, String remedy) {
    return new MerlonException(new Failure.ModelFormat(oneLine(message), remedy));
  }

  /** A file that cannot be read as a model at all. */
  static MerlonException unreadable(String message, String remedy, Throwable cause) {
    return new MerlonException(new Failure.ModelFormat(oneLine(message), remedy), cause);
  }

  /** Whether an operator domain is ONNX's own. */
  static boolean isDefaultDomain(String domain) {
    return domain.isEmpty() || domain.equals(DOMAIN);
  }

  private static String supported() {
    return "Use an ONNX classifier with float32 or float64 weights inside the file, built of "
        + String.join(", ", OperatorMappings.operators())
        + ".";
  }

  /** Names come from the file and may hold anything. */
  private static String oneLine(String message) {
    String line = message.replaceAll("\\p{Cntrl}+", " ");
    return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "..." : line;
  }
}
