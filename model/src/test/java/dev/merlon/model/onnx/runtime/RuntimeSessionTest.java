package dev.merlon.model.onnx.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.network.NetworkPreset;
import dev.merlon.model.onnx.EditedModel;
import dev.merlon.model.onnx.HandWritten;
import dev.merlon.model.onnx.SampleModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeSessionTest {
  private static final SampleModel CNN = SampleModel.preset(NetworkPreset.CNN3, true);
  private static final int SAMPLES = 5;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 8})
  void outputs_ofFixedBatch_equalThoseOfFreeBatch(int batch) {
    float[] inputs = CNN.inputs(SAMPLES);
    try (RuntimeSession free = RuntimeSession.open(CNN.bytes(), 1);
        RuntimeSession fixed = RuntimeSession.open(EditedModel.fixedBatch(CNN, batch), 1)) {
      double[][] expected = free.outputs(inputs, SAMPLES);
      assertThat(expected).hasDimensions(SAMPLES, 10);
      double[][] actual = fixed.outputs(inputs, SAMPLES);
      assertThat(actual).hasDimensions(SAMPLES, 10);
      for (int row = 0; row < SAMPLES; row++) {
        assertThat(actual[row])
            .containsExactly(expected[row], org.assertj.core.data.Offset.offset(1e-5));
      }
    }
  }

  @Test
  void outputs_fromManyThreads_areThoseOfOne() throws Exception {
    float[] inputs = CNN.inputs(SAMPLES);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (RuntimeSession session = RuntimeSession.open(CNN.bytes(), 1)) {
      double[][] expected = session.outputs(inputs, SAMPLES);
      List<Callable<double[][]>> runs = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        runs.add(() -> session.outputs(inputs, SAMPLES));
      }
      for (Future<double[][]> run : pool.invokeAll(runs)) {
        assertThat(run.get()).isDeepEqualTo(expected);
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void outputs_ofWideModel_areNotRounded() {
    byte[] file =
        HandWritten.wide(-1, 1)
            .values("c", new double[] {1 - 0x1p-40}, 1)
            .then("Add", List.of("c"))
            .ending(-1, 1);
    try (RuntimeSession session = RuntimeSession.open(file, 1)) {
      assertThat(session.inputType()).isEqualTo(DataType.FLOAT64);
      assertThat(session.outputType()).isEqualTo(DataType.FLOAT64);
      assertThat(session.outputs(new float[] {0}, 1)[0]).containsExactly(1 - 0x1p-40);
      assertThat(session.outputs(new double[] {0x1p-41}, 1)[0])
          .containsExactly(1 - 0x1p-40 + 0x1p-41);
    }
  }

  @Test
  void outputs_ofDoublesForNarrowModel_areThoseOfTheRoundedOnes() {
    float[] inputs = CNN.inputs(1);
    double[] wide = new double[inputs.length];
    Arrays.setAll(wide, i -> inputs[i] * (1 + 1e-12));
    try (RuntimeSession session = RuntimeSession.open(CNN.bytes(), 1)) {
      assertThat(session.inputType()).isEqualTo(DataType.FLOAT32);
      assertThat(session.outputs(wide, 1)).isDeepEqualTo(session.outputs(inputs, 1));
    }
  }

  @Test
  void outputs_ofWrongLength_areRefused() {
    try (RuntimeSession session = RuntimeSession.open(CNN.bytes(), 1)) {
      assertThatThrownBy(() -> session.outputs(new float[7], 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void outputs_afterClose_areRefused() {
    RuntimeSession session = RuntimeSession.open(CNN.bytes(), 1);
    session.close();
    session.close();
    assertThatThrownBy(() -> session.outputs(CNN.inputs(1), 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void open_ofNoModel_isRefusedInOneLine() {
    assertRefused("no model at all".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertRefused(new byte[0]);
    assertRefused(EditedModel.node(CNN, "relu1", node -> node.setOpType("NoSuchOperator")));
    assertRefused(
        EditedModel.graph(CNN, g -> g.addOutput(g.getOutput(0).toBuilder().setName("relu1:0"))));
  }

  private static void assertRefused(byte[] model) {
    assertThatThrownBy(() -> RuntimeSession.open(model, 1))
        .isInstanceOfSatisfying(
            MerlonException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo("model-format");
              assertThat(e.failure().message()).doesNotContain("\n").hasSizeLessThan(400);
            });
  }
}
