package dev.merlon.model.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.model.objective.BatchPart.Place;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class BatchPartTest {
  private static final int LARGEST = 11;

  @Test
  void rows_anyCutIntoMicroBatches_areEachImageOnceInOrder() {
    for (int total = 1; total <= LARGEST; total++) {
      for (int count = 1; count <= 3; count++) {
        for (int size = 1; size <= total; size++) {
          int[] owners = new int[total];
          for (int first = 0; first < total; first += size) {
            Place place = new Place(first, Math.min(size, total - first), total);
            for (int number = 0; number < count; number++) {
              BatchPart share = new BatchPart(number, count);
              assertThat(share.from(place)).isLessThanOrEqualTo(share.to(place));
              for (int row = share.from(place); row < share.to(place); row++) {
                owners[first + row] += 1 + 10 * number;
              }
            }
          }
          assertThat(owners).isSorted().containsExactly(expected(total, count));
        }
      }
    }
  }

  @Test
  void weight_partsOfUnequalSize_makesThemCountTheSame() {
    for (int total = 1; total <= LARGEST; total++) {
      Place whole = Place.whole(total);
      double all = 0;
      for (int number = 0; number < 3; number++) {
        BatchPart share = new BatchPart(number, 3);
        int images = share.to(whole) - share.from(whole);
        if (images > 0) {
          double part = images * share.weight(total) / total;
          assertThat(part).isCloseTo(1.0 / Math.min(3, total), Offset.offset(1e-12));
          all += part;
        }
      }
      assertThat(all).isCloseTo(1, Offset.offset(1e-12));
    }
    assertThat(new BatchPart(1, 2).weight(8)).isEqualTo(1);
  }

  @Test
  void newShare_noSuchPart_isRefused() {
    assertThatThrownBy(() -> new BatchPart(2, 2)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Place(3, 2, 4)).isInstanceOf(IllegalArgumentException.class);
  }

  private static int[] expected(int total, int count) {
    int[] owners = new int[total];
    for (int number = 0; number < count; number++) {
      for (int image = total * number / count; image < total * (number + 1) / count; image++) {
        owners[image] = 1 + 10 * number;
      }
    }
    return owners;
  }
}
