package dev.merlon.actors.report.chart;

import j2html.tags.ContainerTag;
import java.util.Locale;

/**
 * An SVG picture in the making. Lengths are in units of the picture, from its upper left corner;
 * text is escaped. Not thread-safe.
 */
final class Canvas {
  private static final String FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif";

  private final Theme theme;
  private final Element svg;

  /** An element of SVG. */
  private static final class Element extends ContainerTag<Element> {
    Element(String name) {
      super(name);
    }

    Element at(String name, double value) {
      return attr(name, number(value));
    }
  }

  /** Where a text stands with respect to its point. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** How a text looks. */
  record TextStyle(Ink ink, double size, Anchor anchor, boolean bold) {
    static TextStyle of(Ink ink, double size, Anchor anchor) {
      return new TextStyle(ink, size, anchor, false);
    }
  }

  /**
   * An empty picture.
   *
   * @param label what it shows, for readers who do not see it
   */
  Canvas(Theme theme, double width, double height, String label) {
    this.theme = theme;
    this.svg =
        new Element("svg")
            .attr("xmlns", "http://www.w3.org/2000/svg")
            .attr("viewBox", "0 0 " + number(width) + " " + number(height))
            .attr("role", "img")
            .attr("aria-label", label)
            .attr("font-family", FONT);
    if (theme == Theme.FILE) {
      svg.at("width", width).at("height", height);
      rectangle(0, 0, width, height, Ink.SURFACE, 1);
    }
  }

  /** A straight line. */
  void line(double x1, double y1, double x2, double y2, Ink ink, double width) {
    svg.with(
        new Element("line")
            .at("x1", x1)
            .at("y1", y1)
            .at("x2", x2)
            .at("y2", y2)
            .attr("stroke", theme.paint(ink))
            .at("stroke-width", width));
  }

  /** A line along a path. */
  void stroke(Path path, Ink ink, double width, Dash dash) {
    Element element =
        new Element("path")
            .attr("d", path.data())
            .attr("fill", "none")
            .attr("stroke", theme.paint(ink))
            .at("stroke-width", width)
            .attr("stroke-linejoin", "round")
            .attr("stroke-linecap", dash == Dash.DOTTED ? "round" : "butt");
    if (!dash.pattern().isEmpty()) {
      element.attr("stroke-dasharray", dash.pattern());
    }
    svg.with(element);
  }

  /** The inside of a path, which tells something where a reader points at it. */
  void fill(Path path, Ink ink, String tip) {
    svg.with(
        new Element("path")
            .attr("d", path.data())
            .attr("fill", theme.paint(ink))
            .with(new Element("title").withText(tip)));
  }

  /** A filled rectangle. */
  void rectangle(double x, double y, double width, double height, Ink ink, double opacity) {
    svg.with(box(x, y, width, height, ink, opacity));
  }

  /** A filled rectangle that tells something where a reader points at it. */
  void rectangle(
      double x, double y, double width, double height, Ink ink, double opacity, String tip) {
    svg.with(box(x, y, width, height, ink, opacity).with(new Element("title").withText(tip)));
  }

  /** A point that tells something where a reader points at it. */
  void dot(double x, double y, double radius, Ink ink, String tip) {
    svg.with(
        new Element("circle")
            .at("cx", x)
            .at("cy", y)
            .at("r", radius)
            .attr("fill", theme.paint(ink))
            .with(new Element("title").withText(tip)));
  }

  /** A text on its base line. */
  void text(double x, double y, String text, TextStyle style) {
    Element element =
        new Element("text")
            .at("x", x)
            .at("y", y)
            .attr("fill", theme.paint(style.ink()))
            .at("font-size", style.size());
    if (style.anchor() != Anchor.START) {
      element.attr("text-anchor", style.anchor().name().toLowerCase(Locale.ROOT));
    }
    if (style.bold()) {
      element.attr("font-weight", "600");
    }
    svg.with(element.withText(text));
  }

  /** The picture as an SVG element. */
  String markup() {
    return svg.render();
  }

  private Element box(double x, double y, double width, double height, Ink ink, double opacity) {
    Element element =
        new Element("rect")
            .at("x", x)
            .at("y", y)
            .at("width", width)
            .at("height", height)
            .attr("fill", theme.paint(ink));
    return opacity < 1 ? element.at("fill-opacity", opacity) : element;
  }

  /** A length with as many digits as an eye can tell. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }
}
