package dev.merlon.model.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowGroupsTest {
  @Test
  void filled_partialGroup_repeatsTheLastRow() {
    assertThat(RowGroups.filled(3, 5, 9)).containsExactly(3, 5, 9, 9, 9, 9, 9, 9);
    assertThat(RowGroups.filled(new float[] {1, 2, 3, 4}, 2))
        .containsExactly(1, 2, 3, 4, 3, 4, 3, 4, 3, 4, 3, 4, 3, 4, 3, 4);
  }

  @Test
  void filled_wholeGroups_stayAsTheyAre() {
    int[] rows = {7, 6, 5, 4, 3, 2, 1, 0};
    assertThat(RowGroups.filled(rows)).isEqualTo(rows);
    assertThat(RowGroups.count(8)).isEqualTo(8);
    assertThat(RowGroups.count(9)).isEqualTo(16);
  }

  @Test
  void within_roomForAGroup_isWholeGroups() {
    assertThat(RowGroups.within(8)).isEqualTo(8);
    assertThat(RowGroups.within(23)).isEqualTo(16);
  }

  @Test
  void within_lessRoom_isOneRow() {
    assertThat(RowGroups.within(7)).isEqualTo(1);
  }
}
