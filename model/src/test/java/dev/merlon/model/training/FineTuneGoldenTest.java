package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.golden.PublishedInputs;
import dev.merlon.model.network.BatchNorm;
import dev.merlon.model.network.Normalize;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.StartModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fine-tuning of published models of others. */
class FineTuneGoldenTest {
  private static final int IMAGES = 40;
  private static final Shape IMAGE = new Shape(1, 28, 28);

  @ParameterizedTest
  @CsvSource({
    "mnist_bn, true, true",
    "mnist_conv_small, false, true",
    "mnist-net_256x2, false, false"
  })
  void steps_publishedModel_lowerTheLossAndKeepTheNormalisation(
      String name, boolean batchNorm, boolean normalised) throws IOException {
    Path folder = GoldenCases.folder().resolve("verification");
    ImportedModel file = OnnxImport.read(folder.resolve("models/" + name + ".onnx"));
    StartModel start = StartModel.of(file, IMAGE, Optional.empty(), 10, 0.1);
    assertThat(has(start, BatchNorm.class)).isEqualTo(batchNorm);
    assertThat(has(start, Normalize.class)).isEqualTo(normalised);
    byte[] pixels = Files.readAllBytes(folder.resolve("inputs/mnist.u8.bin"));
    int[] labels = labels(folder.resolve("inputs/mnist.json"));
    try (FineTuneRun run =
        FineTuneRun.of(
            start, "cure-finetune", IMAGE, 10, (step, size) -> batch(pixels, labels, step, size))) {
      run.assertLearns(12);
      run.assertEveryWeightMoved(run.values());
      byte[] exported = OnnxExport.bytes(start.network(), run.values(), Map.of());
      ImportedModel again = OnnxImport.parse(exported, name);
      assertThat(again.values().tensors().values())
          .containsExactlyElementsOf(run.values().tensors().values());
    }
  }

  private static boolean has(StartModel start, Class<?> operation) {
    return start.network().nodes().stream()
        .anyMatch(node -> operation.isInstance(node.operation()));
  }

  private static Batch batch(byte[] pixels, int[] labels, long step, int size) {
    int elements = Math.toIntExact(IMAGE.size());
    float[] images = new float[size * elements];
    int[] own = new int[size];
    for (int n = 0; n < size; n++) {
      int index = (int) ((step * size + n) % IMAGES);
      own[n] = labels[index];
      double[] image = PublishedInputs.pixels(pixels, index, IMAGE);
      for (int i = 0; i < elements; i++) {
        images[n * elements + i] = (float) image[i];
      }
    }
    return new Batch(new Cursor(0, 0), step, new ImageShape(1, 28, 28), images, own);
  }

  private static int[] labels(Path file) throws IOException {
    JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(file));
    int[] labels = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      labels[i] = root.path("labels").get(i).asInt();
    }
    return labels;
  }
}
