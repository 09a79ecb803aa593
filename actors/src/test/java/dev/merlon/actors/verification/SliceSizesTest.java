package dev.merlon.actors.verification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.model.verify.verdict.LadderPhase;
import java.util.Collections;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SliceSizesTest {
  private static final String MODEL = "model";

  private SliceSizes sizes;

  @BeforeEach
  void open() {
    sizes = new SliceSizes(200);
  }

  @Test
  void size_afterASlowFirstSlice_growsWithTheFirstFasterOne() {
    took(32, 3.2);
    assertThat(sizes.size(MODEL, LadderPhase.QUICK)).isEqualTo(10);

    took(10, 0.05);

    assertThat(sizes.size(MODEL, LadderPhase.QUICK)).isBetween(40, 45);
  }

  @Test
  void size_afterOneSlowerSlice_shrinksALittle() {
    took(32, 0.32);
    took(32, 0.64);

    assertThat(sizes.size(MODEL, LadderPhase.QUICK)).isBetween(75, 78);
  }

  private void took(int queries, double seconds) {
    sizes.took(
        new Slice<>(1, 1, MODEL, LadderPhase.QUICK, Collections.nCopies(queries, "query")),
        seconds);
  }
}
