package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.network.operation.BatchNorm;
import dev.merlon.model.network.operation.Elementwise;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.OnnxExport;
import dev.merlon.model.onnx.OnnxImport;
import dev.merlon.model.onnx.StartModel;
import dev.merlon.model.sample.SampleRun;
import dev.merlon.model.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fine-tuning of models from files. */
class FineTuneTest {
  private static final Shape IMAGE = new Shape(1, 8, 8);
  private static final String[] NORMALISED = {
    "network.mean=[0.1307]", "network.std=[0.3081]", "device.precision=float32"
  };

  @ParameterizedTest
  @CsvSource({"true, cure-finetune", "false, cure-finetune", "true, sabr"})
  void steps_ownExport_lowerTheLossAndKeepTheNormalisation(boolean batchNorm, String kind) {
    StartModel start = start(export("network.batch-norm=" + batchNorm), 0.3);
    long norms = norms(start.network());
    assertThat(norms > 0).isEqualTo(batchNorm);
    try (FineTuneRun run = FineTuneRun.of(start, kind, IMAGE, 3, SampleRun::batch)) {
      run.assertLearns(8);
      ParameterValues tuned = run.values();
      run.assertEveryWeightMoved(tuned);
      ImportedModel again = reread(start.network(), tuned);
      assertThat(again.values()).isEqualTo(tuned);
      assertThat(again.network().nodes().get(0).operation())
          .isEqualTo(start.network().nodes().get(0).operation());
      assertThat(norms(again.network())).isEqualTo(norms);
    }
  }

  @Test
  void of_otherMomentum_isThatOfTheRunWithTheFilesFunction() {
    ImportedModel file = export();
    StartModel start = start(file, 0.3);
    assertThat(start.values()).isEqualTo(file.values());
    assertThat(start.network().parameters()).isEqualTo(file.network().parameters());
    assertThat(start.network().nodes())
        .filteredOn(node -> node.operation() instanceof BatchNorm)
        .isNotEmpty()
        .allSatisfy(node -> assertThat(((BatchNorm) node.operation()).momentum()).isEqualTo(0.3));
    assertThat(start(file, 0.1).network()).isEqualTo(file.network());
  }

  @Test
  void steps_constantsBetweenLayers_doNotTrain() {
    ImportedModel file = export();
    Network.Builder builder = Network.builder(IMAGE);
    builder.append("pixels", new Elementwise(Elementwise.Kind.DIVIDE, new Shape(1, 8, 1)));
    file.network()
        .nodes()
        .forEach(
            node ->
                builder.add(
                    node.name(),
                    node.operation(),
                    node.inputs().stream().map(id -> id + 1).toArray(Integer[]::new)));
    Map<String, HostTensor> tensors = new LinkedHashMap<>(file.values().tensors());
    tensors.put("pixels.constant", HostTensor.of(new float[] {1, 2, 1, 1, 0.5f, 1, 1, 1}, 1, 8, 1));
    Network network = builder.build();
    StartModel start = start(reread(network, ParameterValues.of(network, tensors)), 0.1);
    try (FineTuneRun run = FineTuneRun.of(start, "cure-finetune", IMAGE, 3, SampleRun::batch)) {
      run.assertLearns(8);
      run.assertEveryWeightMoved(run.values());
      assertThat(run.values().get("pixels.constant")).isEqualTo(tensors.get("pixels.constant"));
    }
  }

  @Test
  void of_modelOfOtherData_isRefusedInOneLine() {
    ImportedModel file = export();
    assertThatThrownBy(() -> StartModel.of(file, IMAGE, Optional.empty(), 10, 0.1))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("has 3 logits where the data has 10 classes");
    assertThatThrownBy(() -> StartModel.of(file, new Shape(3, 8, 8), Optional.empty(), 3, 0.1))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("(1, 8, 8)")
        .hasMessageContaining("(3, 8, 8)");
  }

  private static StartModel start(ImportedModel file, double momentum) {
    return StartModel.of(file, IMAGE, Optional.empty(), 3, momentum);
  }

  /** A model that has been trained for a while. */
  private static ImportedModel export(String... changes) {
    String[] all = new String[NORMALISED.length + changes.length + 1];
    System.arraycopy(NORMALISED, 0, all, 0, NORMALISED.length);
    System.arraycopy(changes, 0, all, NORMALISED.length, changes.length);
    all[all.length - 1] = "objective.kind=ibp";
    RunSettings settings = SampleRun.settings(all);
    try (LearnerFixture run = LearnerFixture.of(all)) {
      run.steps(0, 3);
      return reread(SampleRun.network(settings), run.learner().values());
    }
  }

  private static ImportedModel reread(Network network, ParameterValues values) {
    byte[] file = OnnxExport.bytes(network, values.as(DataType.FLOAT32), Map.of());
    return OnnxImport.parse(file, "model");
  }

  private static long norms(Network network) {
    return network.nodes().stream().filter(node -> node.operation() instanceof BatchNorm).count();
  }
}
