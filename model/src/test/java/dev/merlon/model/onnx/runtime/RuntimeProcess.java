package dev.merlon.model.onnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs every model of a folder in the ONNX Runtime of the class path, which may be an older one:
 * {@code NAME.onnx} on {@code NAME.input}, whose shape is in {@code NAME.shape}, gives {@code
 * NAME.output}. Needs nothing else on the class path.
 */
final class RuntimeProcess {
  private RuntimeProcess() {}

  /** Arguments: the folder, and where outputs go. */
  public static void main(String[] arguments) throws IOException, OrtException {
    Path folder = Path.of(arguments[0]);
    Path outputs = Path.of(arguments[1]);
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    System.out.println(environment.getVersion());
    for (Path model : models(folder)) {
      String name = model.getFileName().toString().replaceFirst("\\.onnx$", "");
      long[] shape =
          Arrays.stream(Files.readString(folder.resolve(name + ".shape")).split(","))
              .mapToLong(Long::parseLong)
              .toArray();
      FloatBuffer input = read(folder.resolve(name + ".input"));
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(1);
        try (OrtSession session = environment.createSession(model.toString(), options);
            OnnxTensor tensor = OnnxTensor.createTensor(environment, input, shape);
            OrtSession.Result result = session.run(Map.of("input", tensor))) {
          write(outputs.resolve(name + ".output"), (float[][]) result.get(0).getValue());
        }
      }
    }
  }

  static List<Path> models(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  static FloatBuffer read(Path file) throws IOException {
    return direct(Files.readAllBytes(file)).asFloatBuffer();
  }

  static void write(Path file, float[]... rows) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(Arrays.stream(rows).mapToInt(row -> row.length).sum() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    Files.write(file, bytes.array());
  }

  private static ByteBuffer direct(byte[] bytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    direct.put(bytes).rewind();
    return direct;
  }
}
