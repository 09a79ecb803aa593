package dev.merlon.model.onnx.graph;

/** What files that are written have in common, and which ones are read. */
public final class OnnxFormat {
  /** Oldest operator set read: since 7, sums broadcast as in NumPy and batch norm is inference. */
  public static final long OLDEST_OPSET = 7;

  /** Who wrote the file. */
  public static final String PRODUCER = "merlon";

  /** Version of the way networks are written; changes whenever equal networks give other bytes. */
  public static final String PRODUCER_VERSION = "2";

  /** Name of the default operator domain, which may also be written as an empty string. */
  static final String DOMAIN = "ai.onnx";

  /** Name of the input tensor of files we write. */
  public static final String INPUT = "input";

  /** Name of the output tensor of files we write. */
  static final String OUTPUT = "logits";

  private OnnxFormat() {}

  /** Whether an operator domain is ONNX's own. */
  public static boolean isDefaultDomain(String domain) {
    return domain.isEmpty() || domain.equals(DOMAIN);
  }
}
