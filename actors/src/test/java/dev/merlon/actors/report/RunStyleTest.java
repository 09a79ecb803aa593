package dev.merlon.actors.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.report.chart.Ink;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunStyleTest {
  private static final double GRAPHICS = 3;

  @Test
  void of_twelveRuns_differInColourAndWithoutIt() {
    List<RunStyle> styles = styles(12);

    assertThat(styles.stream().map(RunStyle::ink)).doesNotHaveDuplicates();
    assertThat(styles.stream().map(style -> List.of(style.dash(), style.marker())))
        .doesNotHaveDuplicates();
  }

  @Test
  void of_twelveRuns_contrastWithLightAndDarkGround() {
    for (RunStyle style : styles(12)) {
      assertThat(contrast(style.ink().light(), Ink.SURFACE.light()))
          .as(style.ink() + " on light ground")
          .isGreaterThanOrEqualTo(GRAPHICS);
      assertThat(contrast(style.ink().dark(), Ink.SURFACE.dark()))
          .as(style.ink() + " on dark ground")
          .isGreaterThanOrEqualTo(GRAPHICS);
    }
  }

  @Test
  void of_longNames_shortLabelsThatStayApart() {
    List<RunStyle> ends =
        RunStyle.of(
            List.of(
                "mnist-cnn7-cure-finetune-0.1-small-with-seed-1",
                "mnist-cnn7-cure-finetune-0.1-small-with-seed-2"));
    List<RunStyle> middles =
        RunStyle.of(
            List.of(
                "mnist-cnn7-cure-finetune-0.1-a-small-with-seed",
                "mnist-cnn7-cure-finetune-0.1-b-small-with-seed"));

    assertThat(ends.stream().map(RunStyle::label))
        .containsExactly("mnist-cnn7-c…-with-seed-1", "mnist-cnn7-c…-with-seed-2");
    assertThat(middles.stream().map(RunStyle::label))
        .containsExactly("1 mnist-cnn7-c…ll-with-seed", "2 mnist-cnn7-c…ll-with-seed");
  }

  private static List<RunStyle> styles(int runs) {
    return RunStyle.of(IntStream.range(0, runs).mapToObj(i -> "run-" + i).toList());
  }

  /** As the Web Content Accessibility Guidelines 2 define it. */
  private static double contrast(String one, String other) {
    double a = luminance(one);
    double b = luminance(other);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  private static double luminance(String colour) {
    return 0.2126 * linear(colour, 1) + 0.7152 * linear(colour, 3) + 0.0722 * linear(colour, 5);
  }

  private static double linear(String colour, int from) {
    double part = Integer.parseInt(colour.substring(from, from + 2), 16) / 255.0;
    return part <= 0.03928 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
  }
}
