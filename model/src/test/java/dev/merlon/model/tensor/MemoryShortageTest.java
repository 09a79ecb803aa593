package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class MemoryShortageTest {
  @Test
  void in_tensorTooLargeForTheMachine_isNativeWithWhatToLower() {
    Shape beyondAddresses = new Shape(1L << 46);
    try (Scope scope = Scope.open("test")) {
      Throwable problem = catchThrowable(() -> scope.manager().zeros(beyondAddresses));
      assertThat(MemoryShortage.in(new CompletionException(problem)))
          .contains(MemoryShortage.NATIVE);
    }
    assertThat(MemoryShortage.NATIVE.failure("A step").message())
        .isEqualTo("A step ran out of memory outside of Java, where tensors lie");
    assertThat(MemoryShortage.NATIVE.failure("A step").remedy())
        .contains("batch-size", "optimizer.accumulate", "merlon.verify.memory");
  }

  @Test
  void in_arrayTooLargeForTheHeap_isJavaWithWhatToRaise() {
    assertThat(MemoryShortage.in(new OutOfMemoryError("Java heap space")))
        .contains(MemoryShortage.JAVA);
    assertThat(MemoryShortage.JAVA.failure("A step").remedy()).contains("MERLON_HEAP");
  }

  @Test
  void in_otherProblems_isEmpty() {
    Failure failure = new Failure.Data("It ran out of memory of its own", "");

    assertThat(MemoryShortage.in(new IllegalStateException("broken"))).isEmpty();
    assertThat(MemoryShortage.in(new IllegalStateException())).isEmpty();
    assertThat(MemoryShortage.in(new MerlonException(failure))).isEmpty();
  }
}
