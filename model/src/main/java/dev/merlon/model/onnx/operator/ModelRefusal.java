package dev.merlon.model.onnx.operator;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;

/** How a file that is not understood is refused, with what is understood. */
public final class ModelRefusal {
  private static final int LONGEST_LINE = 400;

  private ModelRefusal() {}

  /** A model that is refused as a whole because of what is in it. */
  public static MerlonException refused(String message) {
    return MerlonException.modelFormat(oneLine(message), supported());
  }

  /** A model that is refused as a whole because of what is in it. */
  public static MerlonException refused(String message, Throwable cause) {
    return new MerlonException(new Failure.ModelFormat(oneLine(message), supported()), cause);
  }

  /** A file that cannot be read as a model at all. */
  public static MerlonException unreadable(String message, String remedy) {
    return MerlonException.modelFormat(oneLine(message), remedy);
  }

  /** A file that cannot be read as a model at all. */
  public static MerlonException unreadable(String message, String remedy, Throwable cause) {
    return new MerlonException(new Failure.ModelFormat(oneLine(message), remedy), cause);
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
