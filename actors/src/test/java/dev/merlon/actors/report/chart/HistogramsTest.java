package dev.merlon.actors.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HistogramsTest {
  private static final Pattern BAR = Pattern.compile("<title>(\\S+) to (\\S+): ([\\d,]+)</title>");

  @Test
  void svg_values_areAllCountedInTheirBins() {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      values.add(-1 + i / 100.0);
    }
    String svg = svg(values);

    int counted = 0;
    Matcher bar = BAR.matcher(svg);
    while (bar.find()) {
      double from = Double.parseDouble(bar.group(1)) - 0.011;
      double to = Double.parseDouble(bar.group(2)) + 0.011;
      int count = Integer.parseInt(bar.group(3));
      assertThat(values.stream().filter(v -> v >= from && v <= to).count())
          .isGreaterThanOrEqualTo(count);
      counted += count;
    }
    assertThat(counted).isEqualTo(200);
  }

  // Otherwise a bar of values on one side of 0 would reach over to the other.
  @Test
  void svg_binsBesideZero_endThere() {
    String svg = svg(List.of(-0.37, -1e-6, 1e-6, 0.91));

    assertThat(svg).containsPattern("<title>-?0\\.\\d+ to -?0\\.00: 1</title>");
    assertThat(svg).containsPattern("<title>-?0\\.00 to 0\\.\\d+: 1</title>");
  }

  @Test
  void svg_fewValuesFarAway_areSaidAndDoNotStretchTheAxis() {
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      values.add(i / 300.0);
    }
    values.add(1000.0);
    String svg = svg(values);

    assertThat(svg).contains("1 \u2192").doesNotContain(">1,000<", "NaN");
  }

  @Test
  void svg_allValuesZero_isDrawn() {
    assertThat(svg(List.of(0.0, 0.0))).contains(": 2</title>").doesNotContain("NaN", "Infinity");
  }

  @Test
  void svg_mean_isWrittenWithItsSign() {
    assertThat(svg(List.of(1.0, 2.0))).contains("+1.50");
    assertThat(svg(List.of(-1.0, -2.0))).contains("-1.50");
  }

  private static String svg(List<Double> values) {
    return new Histograms(
            "errors", "Errors", "error", List.of(new Histograms.Row("IBP", Ink.SKY, values)))
        .svg(Theme.FILE);
  }
}
