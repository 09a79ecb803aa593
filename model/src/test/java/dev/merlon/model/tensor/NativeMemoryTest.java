package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import org.junit.jupiter.api.Test;

class NativeMemoryTest {
  @Test
  void counters_openScopes_byOwner() {
    try (Scope one = Scope.open("memory-a");
        Scope two = Scope.open("memory-a");
        Scope other = one.child("memory-b")) {
      one.tensor(new double[] {1}, DataType.FLOAT32, 1);
      two.tensor(new double[] {1}, DataType.FLOAT32, 1);
      other.labels(1, 2);
      assertThat(NativeMemory.openScopes()).containsEntry("memory-a", 2);
      assertThat(NativeMemory.openScopes()).containsEntry("memory-b", 1);
      assertThat(NativeMemory.liveTensors()).containsEntry("memory-a", 2);
      assertThat(NativeMemory.liveTensors()).containsEntry("memory-b", 1);
    }
    assertThat(NativeMemory.openScopes()).doesNotContainKeys("memory-a", "memory-b");
    assertThat(NativeMemory.liveTensors()).doesNotContainKeys("memory-a", "memory-b");
  }

  @Test
  void counters_scopeClosedWithTheOneAroundIt_isForgotten() {
    Scope outer = Scope.open("memory-outer");
    Scope inner = outer.child("memory-inner");
    Scope within = Scope.within(inner.labels(1), "memory-within");
    within.labels(1);
    outer.close();
    assertThat(NativeMemory.openScopes())
        .doesNotContainKeys("memory-outer", "memory-inner", "memory-within");
    within.close();
    inner.close();
    assertThat(NativeMemory.openScopes()).doesNotContainKeys("memory-inner", "memory-within");
  }

  @Test
  void residentBytes_whereKnown_coversTheHeapInUse() {
    long used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    NativeMemory.residentBytes()
        .ifPresent(bytes -> assertThat(bytes).isGreaterThan(used / 2).isLessThan(1L << 44));
  }
}
