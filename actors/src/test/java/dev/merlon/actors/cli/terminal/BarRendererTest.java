package dev.merlon.actors.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.Test;

class BarRendererTest {
  @Test
  void render_wideLine_showsBarCountAndNote() {
    assertThat(last(100))
        .startsWith("Training  25% " + "#".repeat(7) + ".".repeat(23) + " 5/20 steps")
        .contains("natural 91.20%");
  }

  @Test
  void render_narrowLine_keepsAShortBarAndCutsTheNote() {
    assertThat(last(40)).hasSize(40).startsWith("Training  25% ##........ 5/20 steps");
  }

  private static String last(int width) {
    List<String> lines = new ArrayList<>();
    try (ProgressBar bar =
        ProgressBar.builder()
            .setTaskName("Training")
            .setInitialMax(20)
            .startsFrom(0, Duration.ZERO)
            .setRenderer(new BarRenderer("steps", false))
            .setConsumer(new DelegatingProgressBarConsumer(lines::add, width))
            .build()) {
      bar.setExtraMessage("natural 91.20%");
      bar.stepTo(5);
      bar.refresh();
    }
    return lines.get(lines.size() - 1);
  }
}
