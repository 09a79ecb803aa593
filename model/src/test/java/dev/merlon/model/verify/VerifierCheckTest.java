package dev.merlon.model.verify;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class VerifierCheckTest {

  @Test
  void run_workingMachine_isSilent() {
    assertThatCode(VerifierCheck::run).doesNotThrowAnyException();
  }
}
