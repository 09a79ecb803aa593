package dev.merlon.actors.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasuringTest {
  @Test
  void spread_fewEpochs_takesAll() {
    assertThat(Measuring.spread(List.of(1, 2, 3), 20)).containsExactly(1, 2, 3);
  }

  @Test
  void spread_manyEpochs_takesEvenlyWithTheLast() {
    List<Integer> epochs = IntStream.rangeClosed(1, 70).boxed().toList();

    assertThat(Measuring.spread(epochs, 20)).hasSize(20).endsWith(67, 70).doesNotHaveDuplicates();
    assertThat(Measuring.spread(IntStream.rangeClosed(1, 21).boxed().toList(), 20))
        .hasSize(20)
        .endsWith(21)
        .doesNotHaveDuplicates();
  }

  @Test
  void coarseToFine_anyList_beginsWithTheLastAndHalvesTheSteps() {
    List<Integer> epochs = IntStream.rangeClosed(1, 9).boxed().toList();

    assertThat(Measuring.coarseToFine(epochs)).containsExactly(9, 1, 5, 3, 7, 2, 4, 6, 8);
    assertThat(Measuring.coarseToFine(List.of())).isEmpty();
  }
}
