package dev.merlon.model.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;

/** The process's one environment of ONNX Runtime, loaded on first use. Thread-safe. */
final class RuntimeEnvironment {
  private RuntimeEnvironment() {}

  /** The environment. @throws MerlonException (device) when the native library does not load */
  static OrtEnvironment get() {
    try {
      OrtEnvironment environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "merlon");
      environment.setTelemetry(false);
      return environment;
    } catch (LinkageError | IllegalStateException | OrtException e) {
      throw new MerlonException(
          new Failure.Device(
              "ONNX Runtime could not be loaded: " + e.getMessage(),
              "Run `merlon doctor`; the native library of this platform must be on the class path"
                  + " and the temporary folder writable."),
          e);
    }
  }
}
