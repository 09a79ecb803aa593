package dev.merlon.actors.report;

import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.span;

import dev.merlon.actors.report.chart.Dash;
import dev.merlon.actors.report.chart.Ink;
import dev.merlon.actors.report.chart.LineChart;
import dev.merlon.actors.report.chart.Marker;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/**
 * How one of several runs is drawn. Twelve runs have twelve colours, and twelve pairs of dash and
 * marker, so that they differ without colour too.
 *
 * @param label what it is called in figures: its name, shortened where it is long
 */
record RunStyle(String label, Ink ink, Dash dash, Marker marker) {
  private static final int LONGEST = 26;
  private static final List<Ink> INKS =
      List.of(
          Ink.BLUE,
          Ink.ORANGE,
          Ink.GREEN,
          Ink.PURPLE,
          Ink.SKY,
          Ink.GREY,
          Ink.RED,
          Ink.BROWN,
          Ink.OLIVE,
          Ink.VIOLET,
          Ink.TEAL,
          Ink.PINK);
  private static final List<Dash> DASHES = List.of(Dash.values());
  private static final List<Marker> MARKERS = List.of(Marker.values());

  /**
   * The styles of runs, in their order.
   *
   * @param names what the runs are called
   */
  static List<RunStyle> of(List<String> names) {
    List<String> labels = names.stream().map(RunStyle::shortened).toList();
    boolean different = labels.stream().distinct().count() == labels.size();
    List<RunStyle> styles = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String label = different ? labels.get(i) : (i + 1) + " " + labels.get(i);
      Dash dash = DASHES.get(i % DASHES.size());
      Marker marker = MARKERS.get(i % MARKERS.size());
      styles.add(new RunStyle(label, INKS.get(i % INKS.size()), dash, marker));
    }
    return List.copyOf(styles);
  }

  /** A piece of its line, for beside its name. */
  DomContent key() {
    return span(rawHtml(LineChart.key(ink, dash, marker))).withClass("key");
  }

  // What tells runs apart is at the beginning or at the end.
  private static String shortened(String name) {
    if (name.length() <= LONGEST) {
      return name;
    }
    int half = (LONGEST - 1) / 2;
    return name.substring(0, half) + "…" + name.substring(name.length() - half);
  }
}
