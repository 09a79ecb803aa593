package dev.merlon.model.onnx.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.SampleModel;
import java.io.IOException;
import java.net.URI;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exported models in older and newer versions of ONNX Runtime, each in a process of its own. Only
 * the Maven profile {@code compat} fetches them and runs this.
 */
class RuntimesCompat {
  private static final int SAMPLES = 6;

  /** Largest difference, relative to a model's largest logit, at least 1. */
  private static final double ROUNDING = 1e-5;

  @TempDir private Path folder;

  @Test
  void models_inEveryRuntime_giveEqualLogits() throws IOException, InterruptedException {
    Path models = Files.createDirectory(folder.resolve("models"));
    for (SampleModel model : SampleModel.all().toList()) {
      write(models, model.name(), model.bytes());
    }
    int further = 0;
    for (Path file : furtherModels()) {
      String name = file.getFileName().toString().replaceFirst("\\.onnx$", "");
      write(models, "further-" + further++ + "-" + name, Files.readAllBytes(file));
    }
    Map<String, Path> outputs = new LinkedHashMap<>();
    for (Path runtime : runtimes()) {
      Path output = Files.createDirectory(folder.resolve(runtime.getFileName()));
      outputs.put(run(runtime, models, output), output);
    }

    Path present = outputs.get(RuntimeCheck.version());
    assertThat(present).isNotNull();
    assertThat(outputs.size()).isGreaterThan(1);
    for (Path model : RuntimeProcess.models(models)) {
      compare(model.getFileName().toString().replaceFirst("\\.onnx$", ""), outputs, present);
    }
  }

  private static void compare(String name, Map<String, Path> outputs, Path present)
      throws IOException {
    var line = new StringBuilder(String.format(Locale.ROOT, "%-20s", name));
    FloatBuffer expected = RuntimeProcess.read(present.resolve(name + ".output"));
    double scale = 1;
    for (int i = 0; i < expected.remaining(); i++) {
      scale = Math.max(scale, Math.abs((double) expected.get(i)));
    }
    double worst = 0;
    for (Map.Entry<String, Path> output : outputs.entrySet()) {
      FloatBuffer actual = RuntimeProcess.read(output.getValue().resolve(name + ".output"));
      assertThat(actual.remaining()).isEqualTo(expected.remaining()).isPositive();
      double difference = 0;
      for (int i = 0; i < expected.remaining(); i++) {
        difference = Math.max(difference, Math.abs((double) actual.get(i) - expected.get(i)));
      }
      difference /= scale;
      line.append(String.format(Locale.ROOT, "  %s %.1e", output.getKey(), difference));
      worst = Math.max(worst, difference);
    }
    System.out.println(line);
    assertThat(worst).as("%s", line).isLessThanOrEqualTo(ROUNDING);
  }

  private static void write(Path models, String name, byte[] file) throws IOException {
    Shape sample = OnnxImport.parse(file, name).network().inputShape();
    String shape =
        LongStream.concat(LongStream.of(SAMPLES), LongStream.of(sample.getShape()))
            .mapToObj(Long::toString)
            .collect(Collectors.joining(","));
    Files.write(models.resolve(name + ".onnx"), file);
    Files.writeString(models.resolve(name + ".shape"), shape);
    RuntimeProcess.write(models.resolve(name + ".input"), SampleModel.inputs(sample, SAMPLES));
  }

  /** Runs a runtime and returns the version that it says it is. */
  private static String run(Path runtime, Path models, Path output)
      throws IOException, InterruptedException {
    Path classes =
        Path.of(
            URI.create(
                RuntimeProcess.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toString()));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xss8m",
                "-cp",
                runtime + java.io.File.pathSeparator + classes,
                RuntimeProcess.class.getName(),
                models.toString(),
                output.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", runtime, said).isZero();
    String version = said.lines().reduce((first, last) -> last).orElseThrow();
    assertThat(runtime.getFileName().toString()).contains(version);
    return version;
  }

  private static List<Path> runtimes() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("merlon.compat.runtimes")))) {
      return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Models of the folders that the profile's property names, separated by commas. */
  private static List<Path> furtherModels() throws IOException {
    List<Path> models = new ArrayList<>();
    for (String named : System.getProperty("merlon.compat.models", "").split(",", -1)) {
      if (!named.isBlank()) {
        models.addAll(RuntimeProcess.models(Path.of(named.strip())));
      }
    }
    return models;
  }
}
