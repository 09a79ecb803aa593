package dev.merlon.config;

import dev.merlon.config.value.Check;
import dev.merlon.config.value.SettingsReader;
import dev.merlon.config.value.SettingsWriter;

/**
 * How a run's models are written as ONNX files.
 *
 * @param opset version of ONNX's operator set; 0 = the lowest that holds the network's operators
 */
public record ExportSettings(int opset) {
  /** The lowest operator set. */
  public static final ExportSettings LOWEST = new ExportSettings(0);

  /** Checks the values. */
  public ExportSettings {
    Check.atLeast("opset", opset, 0);
  }

  static ExportSettings read(SettingsReader reader) {
    return new ExportSettings(reader.integer("opset"));
  }

  void write(SettingsWriter writer) {
    writer.whole("opset", opset);
  }
}
