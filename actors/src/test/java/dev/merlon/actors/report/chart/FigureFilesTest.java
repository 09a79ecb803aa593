package dev.merlon.actors.report.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.actors.report.chart.LineChart.Point;
import dev.merlon.actors.report.chart.LineChart.Series;
import dev.merlon.actors.report.chart.LineChart.Unit;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureFilesTest {
  private static final LineChart LINE =
      new LineChart(
          "line",
          "a < b & \"c\"",
          Unit.NUMBER,
          List.of(
              new Series(
                  "loss", Ink.BLUE, Dash.SOLID, List.of(new Point(1, 0.5), new Point(2, 0.25)))));

  @TempDir private Path folder;

  @Test
  void write_figures_drawsThemInTheirColours() throws IOException {
    SignedBars bars =
        new SignedBars(
            "bars",
            "Bounds",
            "class",
            List.of(new SignedBars.Bar("0", 2), new SignedBars.Bar("1", -1)));
    assertThat(new FigureFiles().write(folder, List.of(LINE, bars))).isEmpty();

    assertThat(colours("line")).contains(colour(Ink.BLUE)).doesNotContain(colour(Ink.ALERT));
    assertThat(colours("bars")).contains(colour(Ink.BLUE), colour(Ink.ALERT));
  }

  @Test
  void write_titleWithMarkup_isEscaped() throws IOException {
    new FigureFiles().write(folder, List.of(LINE));

    assertThat(folder.resolve("line.svg"))
        .content()
        .contains("a &lt; b &amp; &quot;c&quot;</text>")
        .doesNotContain("a < b");
  }

  @Test
  void write_javaWithoutFonts_leavesSvgAndSaysWhatToInstall() throws IOException {
    FigureFiles files =
        new FigureFiles(
            svg -> {
              throw new InternalError(new IllegalStateException("Fontconfig head is null"));
            });

    Optional<String> problem = files.write(folder, List.of(LINE));

    assertThat(problem)
        .hasValueSatisfying(text -> assertThat(text).contains("head is null", "fontconfig", "SVG"));
    assertThat(folder.resolve("line.svg")).exists();
    assertThat(folder.resolve("line.png")).doesNotExist();
  }

  @Test
  void svg_inPage_takesTheReadersColours() {
    assertThat(LINE.svg(Theme.PAGE)).contains("var(--ink-blue)").doesNotContain(Ink.BLUE.light());
    assertThat(LINE.svg(Theme.FILE)).contains(Ink.BLUE.light()).doesNotContain("var(");
  }

  @Test
  void svg_hundredsOfClasses_staysSmall() {
    long[][] counts = new long[200][200];
    for (int i = 0; i < 200; i++) {
      counts[i][i] = 40;
      counts[i][(i * 7) % 200] += 10;
    }

    assertThat(new HeatMap("confusion", "Confusion", counts).svg(Theme.PAGE).length())
        .isLessThan(100_000);
  }

  @Test
  void svg_oneEpoch_isDrawnToo() {
    ShareAreas areas =
        new ShareAreas(
            "areas",
            "ReLU",
            List.of(1.0),
            List.of(
                new ShareAreas.Layer("active", Ink.BLUE, List.of(0.25)),
                new ShareAreas.Layer("dead", Ink.GREY, List.of(0.75))));
    LineChart point =
        new LineChart(
            "point",
            "One",
            Unit.RATIO,
            List.of(new Series("gap", Ink.BLUE, Dash.SOLID, List.of(new Point(1, 0.3)))));

    assertThat(areas.svg(Theme.FILE)).doesNotContain("NaN").contains("dead, epoch 1: 75.0%");
    assertThat(point.svg(Theme.FILE)).doesNotContain("NaN", "Infinity").contains("<circle");
  }

  private Set<Integer> colours(String name) throws IOException {
    BufferedImage image = ImageIO.read(folder.resolve(name + ".png").toFile());
    Set<Integer> colours = new HashSet<>();
    for (int pixel :
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth())) {
      colours.add(pixel & 0xffffff);
    }
    return colours;
  }

  private static int colour(Ink ink) {
    return Integer.parseInt(ink.light().substring(1), 16);
  }
}
