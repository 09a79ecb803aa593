package dev.merlon.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.tensor.NativeMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A thousand training steps that keep resident memory flat, as a program: it has a process of its
 * own, whose native memory nothing else has touched. Ends with an error if the memory grows.
 */
final class ThousandSteps {
  /** Begins the line that is printed when memory has stayed flat. */
  static final String DONE = "native memory is flat, growth in MiB: ";

  private static final long MEBIBYTE = 1 << 20;

  private ThousandSteps() {}

  // A step's graph takes more than a mebibyte here, so that keeping each of them would show as
  // gibibytes.
  public static void main(String[] arguments) {
    try (LearnerFixture run =
        new LearnerFixture(64, "objective.kind=ibp", "network.preset=mlp", "network.width=32")) {
      touchTheHeap();
      run.steps(0, 50);
      Map<String, Integer> live = NativeMemory.liveTensors();
      long before = outsideTheHeap();
      run.steps(50, 1050);
      long growth = outsideTheHeap() - before;
      assertThat(NativeMemory.liveTensors()).isEqualTo(live);
      assertThat(growth / MEBIBYTE).as("growth in MiB").isLessThan(400);
      System.out.println(DONE + growth / MEBIBYTE);
    }
  }

  // Pages of the heap count as resident from their first use on; afterwards they cannot be taken
  // for native memory that grows.
  private static void touchTheHeap() {
    List<byte[]> blocks = new ArrayList<>();
    long wanted = Runtime.getRuntime().maxMemory() * 3 / 5;
    for (long taken = 0; taken < wanted; taken += 4 * MEBIBYTE) {
      blocks.add(new byte[Math.toIntExact(4 * MEBIBYTE)]);
    }
    assertThat(blocks).isNotEmpty();
  }

  private static long outsideTheHeap() {
    System.gc();
    long resident = NativeMemory.residentBytes().orElse(0);
    return resident - Runtime.getRuntime().totalMemory();
  }
}
