package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class EngineCheckTest {
  @Test
  void run_workingEngine_leavesNothingBehind() {
    assertThatCode(EngineCheck::run).doesNotThrowAnyException();
    assertThat(NativeMemory.openScopes()).doesNotContainKey("engine-check");
  }

  @Test
  void runtime_loaded_saysWhatItIs() {
    assertThat(TensorRuntime.version()).startsWith("PyTorch 2.");
    assertThat(TensorRuntime.threads()).isPositive();
  }
}
