package dev.merlon.actors.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.job.Verdicts;
import org.junit.jupiter.api.Test;

class SummaryTableTest {
  private final SummaryTable table = SummaryTable.ofCertification(Verdicts.summary());

  @Test
  void lines_twoThreats_hasOneRowEachAndTheUnion() {
    assertThat(table.lines())
        .containsExactly(
            "          natural  adversarial  certified  undecided",
            "linf:0.1   75.00%       75.00%     50.00%     25.00%",
            "l2:0.5     75.00%       50.00%     25.00%     25.00%",
            "union      75.00%       50.00%     25.00%     25.00%");
  }

  @Test
  void markdown_sameCells_isATable() {
    assertThat(table.markdown())
        .startsWith(
            "|  | natural | adversarial | certified | undecided |",
            "| --- | ---: | ---: | ---: | ---: |")
        .endsWith("| union | 75.00% | 50.00% | 25.00% | 25.00% |");
  }

  @Test
  void lines_ofAnAttack_leaveOutWhatItCannotShow() {
    assertThat(SummaryTable.ofAttack(Verdicts.summary()).lines())
        .containsExactly(
            "          natural  adversarial",
            "linf:0.1   75.00%       75.00%",
            "l2:0.5     75.00%       50.00%",
            "union      75.00%       50.00%");
  }
}
