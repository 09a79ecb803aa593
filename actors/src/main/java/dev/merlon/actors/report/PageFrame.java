package dev.merlon.actors.report;

import static j2html.TagCreator.body;
import static j2html.TagCreator.document;
import static j2html.TagCreator.footer;
import static j2html.TagCreator.head;
import static j2html.TagCreator.html;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.style;
import static j2html.TagCreator.title;

import dev.merlon.actors.report.chart.Ink;
import j2html.tags.DomContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The page around a report: style and colours inside, nothing fetched, no script. */
final class PageFrame {
  private PageFrame() {}

  /**
   * The whole page.
   *
   * @param heading what the window is called
   */
  static String of(String heading, DomContent top, List<DomContent> sections) {
    return document(
            html(
                    head(
                        meta().withCharset("utf-8"),
                        meta()
                            .withName("viewport")
                            .withContent("width=device-width, initial-scale=1"),
                        title(heading),
                        style(rawHtml(colours() + sheet()))),
                    body(
                        top,
                        main(sections.toArray(DomContent[]::new)),
                        footer(
                            "Written by merlon report. The figures lie beside this page in figures/"
                                + " as SVG and PNG.")))
                .withLang("en"))
        + "\n";
  }

  // A printed page is light whatever the reader's screen is.
  private static String colours() {
    return ":root{"
        + Ink.lightVariables()
        + "}\n@media screen and (prefers-color-scheme:dark){:root{"
        + Ink.darkVariables()
        + "}}\n";
  }

  private static String sheet() {
    try (InputStream sheet = PageFrame.class.getResourceAsStream("page.css")) {
      if (sheet == null) {
        throw new IllegalStateException("page.css is missing from the build");
      }
      return new String(sheet.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
