package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.ImageShape;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.golden.PublishedFolder;
import dev.merlon.model.golden.PublishedInputs;
import dev.merlon.model.golden.PublishedModel;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Normalize;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.StartModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fine-tuning of published models of others. */
class FineTuneGoldenTest {
  // Models, the smallest ones: a matter of time.
  private static final int MODELS = 4;

  static List<PublishedModel> models() {
    return PublishedModel.smallest(PublishedFolder.found().models(), MODELS);
  }

  @ParameterizedTest
  @MethodSource("models")
  void steps_publishedModel_lowerTheLossAndKeepTheNormalisation(PublishedModel model)
      throws InvalidProtocolBufferException {
    ImportedModel file = model.read();
    PublishedInputs inputs = model.folder().inputsOf(file.network().inputShape().size()).get(0);
    Shape image = inputs.image();
    int classes = file.network().classes();
    StartModel start = StartModel.of(file, image, Optional.empty(), classes, 0.1);
    Set<String> operators =
        ModelProto.parseFrom(file.file()).getGraph().getNodeList().stream()
            .map(NodeProto::getOpType)
            .collect(Collectors.toSet());
    assertThat(has(start, BatchNorm.class)).isEqualTo(operators.contains("BatchNormalization"));
    assertThat(has(start, Normalize.class)).isEqualTo(operators.contains("Div"));
    try (FineTuneRun run =
        FineTuneRun.of(
            start, "cure-finetune", image, classes, (step, size) -> batch(inputs, step, size))) {
      run.assertLearns(12);
      run.assertEveryWeightMoved(run.values());
      byte[] exported = OnnxExport.bytes(start.network(), run.values(), Map.of());
      ImportedModel again = OnnxImport.parse(exported, model.name());
      assertThat(again.values().tensors().values())
          .containsExactlyElementsOf(run.values().tensors().values());
    }
  }

  private static boolean has(StartModel start, Class<?> operation) {
    return start.network().nodes().stream()
        .anyMatch(node -> operation.isInstance(node.operation()));
  }

  private static Batch batch(PublishedInputs inputs, long step, int size) {
    Shape image = inputs.image();
    int elements = Math.toIntExact(image.size());
    int[] indices = inputs.indices().toArray();
    float[] images = new float[size * elements];
    int[] labels = new int[size];
    for (int n = 0; n < size; n++) {
      int index = indices[(int) ((step * size + n) % indices.length)];
      labels[n] = inputs.label(index);
      System.arraycopy(inputs.floats(index, image), 0, images, n * elements, elements);
    }
    ImageShape shape = new ImageShape((int) image.get(0), (int) image.get(1), (int) image.get(2));
    return new Batch(new Cursor(0, 0), step, shape, images, labels);
  }
}
