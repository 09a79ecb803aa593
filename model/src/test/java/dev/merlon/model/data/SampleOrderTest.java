package dev.merlon.model.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.model.data.SampleOrder.LastBatch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleOrderTest {

  @Test
  void permutation_anyEpoch_holdsEachSampleOnce() {
    for (int samples : new int[] {1, 2, 10, 1000}) {
      SampleOrder order = SampleOrder.of(5, samples, 3);
      for (int epoch = 0; epoch < 5; epoch++) {
        int[] sorted = order.permutation(epoch);
        Arrays.sort(sorted);
        assertThat(sorted).containsExactly(IntStream.range(0, samples).toArray());
      }
    }
  }

  @Test
  void permutation_knownKey_neverChanges() {
    assertThat(SampleOrder.of(1, 10, 4).permutation(0))
        .containsExactly(5, 2, 0, 8, 1, 4, 3, 6, 9, 7);
    assertThat(SampleOrder.of(1, 10, 4).permutation(1))
        .containsExactly(2, 5, 7, 8, 3, 9, 0, 1, 6, 4);
  }

  @Test
  void permutation_otherSeedOrEpoch_differs() {
    int[] base = SampleOrder.of(1, 100, 10).permutation(0);

    assertThat(SampleOrder.of(1, 100, 10).permutation(1)).isNotEqualTo(base);
    assertThat(SampleOrder.of(2, 100, 10).permutation(0)).isNotEqualTo(base);
    assertThat(SampleOrder.of(1, 100, 25).permutation(0)).isEqualTo(base);
  }

  @Test
  void permutation_manyEpochs_putEverySampleEverywhere() {
    SampleOrder order = SampleOrder.of(3, 4, 1);
    int[][] seen = new int[4][4];
    int epochs = 8000;
    for (int epoch = 0; epoch < epochs; epoch++) {
      int[] permutation = order.permutation(epoch);
      for (int place = 0; place < 4; place++) {
        seen[place][permutation[place]]++;
      }
    }

    double deviation = Math.sqrt(epochs * 0.25 * 0.75);
    for (int[] place : seen) {
      for (int count : place) {
        assertThat((double) count).isBetween(2000 - 4.5 * deviation, 2000 + 4.5 * deviation);
      }
    }
  }

  @Test
  void indices_allSteps_coverTheEpochInOrder() {
    SampleOrder order = SampleOrder.of(7, 10, 4);

    assertThat(order.batchesPerEpoch()).isEqualTo(3);
    assertThat(order.indices(new Cursor(2, 2))).hasSize(2);
    int[] joined =
        IntStream.range(0, 3)
            .flatMap(step -> Arrays.stream(order.indices(new Cursor(2, step))))
            .toArray();
    assertThat(joined).containsExactly(order.permutation(2));
  }

  @Test
  void batchesPerEpoch_lastDropped_countsOnlyFullBatches() {
    SampleOrder order = new SampleOrder(7, 10, 4, LastBatch.DROP);

    assertThat(order.batchesPerEpoch()).isEqualTo(2);
    assertThat(order.indices(new Cursor(0, 1))).hasSize(4);
    assertThatThrownBy(() -> order.indices(new Cursor(0, 2)))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void batchesPerEpoch_evenDivision_isTheSameEitherWay() {
    assertThat(new SampleOrder(7, 12, 4, LastBatch.DROP).batchesPerEpoch()).isEqualTo(3);
    assertThat(new SampleOrder(7, 12, 4, LastBatch.KEEP).batchesPerEpoch()).isEqualTo(3);
  }

  @Test
  void of_impossibleSizes_areRefused() {
    assertThatThrownBy(() -> SampleOrder.of(1, 0, 4)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SampleOrder.of(1, 4, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SampleOrder(1, 3, 4, LastBatch.DROP))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Cursor(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }
}
