package dev.merlon.actors.report;

import static j2html.TagCreator.b;
import static j2html.TagCreator.code;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import dev.merlon.actors.report.chart.Figure;
import dev.merlon.actors.report.chart.Theme;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The pieces that pages are made of. All text is escaped. */
final class Blocks {
  private Blocks() {}

  /** A part of the page under a heading. */
  static DomContent part(String heading, String explanation, List<? extends DomContent> content) {
    return section(h2(heading), p(explanation).withClass("note"), each(content, block -> block));
  }

  /** Figures beside each other, as many as fit. */
  static DomContent figures(List<? extends Figure> figures) {
    return div(each(figures, Blocks::drawn)).withClass("grid");
  }

  /** One figure. */
  static DomContent drawn(Figure figure) {
    return figure(rawHtml(figure.svg(Theme.PAGE)));
  }

  /** Pieces beside each other where there is room, below each other otherwise. */
  static DomContent beside(DomContent... pieces) {
    return div(each(List.of(pieces), piece -> div(piece))).withClass("beside");
  }

  /** What is missing, and how to get it. */
  static DomContent absent(String what, String command) {
    return p(b("Not measured."), rawHtml(" "), text(what + " "), code(command)).withClass("absent");
  }

  /** Something a reader must not miss. */
  static DomContent alert(String text) {
    return p(text).withClass("alert");
  }

  /** A figure in large print. */
  static DomContent tile(String value, String name) {
    return div(b(value), span(name)).withClass("tile");
  }

  /** Names and what they stand for. */
  static DomContent facts(Map<String, String> facts) {
    List<DomContent> items = new ArrayList<>();
    facts.forEach(
        (name, value) -> {
          items.add(dt(name));
          items.add(dd(value));
        });
    return dl(items.toArray(DomContent[]::new)).withClass("facts");
  }

  /**
   * A table.
   *
   * @param rows the first cell of each is its heading
   */
  static DivTag rows(List<String> heads, List<List<DomContent>> rows) {
    return div(table(
            thead(tr(each(heads, head -> th(head)))),
            tbody(
                each(
                    rows,
                    row ->
                        tr(th(row.get(0)), each(row.subList(1, row.size()), cell -> td(cell)))))))
        .withClass("scroll");
  }

  /** A share of all, such as {@code 97.52%}. */
  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f%%", 100 * share);
  }

  /** Text as a cell. */
  static DomContent cell(String text) {
    return text(text);
  }
}
