package dev.merlon.actors.report.chart;

import com.github.weisj.jsvg.SVGDocument;
import com.github.weisj.jsvg.parser.LoaderContext;
import com.github.weisj.jsvg.parser.SVGLoader;
import com.github.weisj.jsvg.renderer.NullPlatformSupport;
import com.github.weisj.jsvg.view.FloatSize;
import com.github.weisj.jsvg.view.ViewBox;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Writes figures as files of their own: SVG, and PNG of twice the size. */
public final class FigureFiles {
  private static final double PIXELS = 2;

  private final Painter painter;

  /** Turns an SVG document into a PNG file's bytes. */
  @FunctionalInterface
  interface Painter {
    /** The picture's bytes. */
    byte[] png(String svg) throws IOException;
  }

  /** Files drawn by this Java's own graphics. */
  public FigureFiles() {
    this(FigureFiles::paint);
  }

  FigureFiles(Painter painter) {
    this.painter = painter;
  }

  /**
   * Writes every figure, over files of the same name.
   *
   * @return why there are no PNG files, where this Java cannot draw text
   */
  public Optional<String> write(Path folder, Collection<? extends Figure> figures)
      throws IOException {
    Files.createDirectories(folder);
    Optional<String> problem = Optional.empty();
    for (Figure figure : figures) {
      String svg = figure.svg(Theme.FILE);
      Files.writeString(folder.resolve(figure.name() + ".svg"), svg + "\n");
      if (problem.isEmpty()) {
        problem = writePng(folder.resolve(figure.name() + ".png"), svg);
      }
    }
    return problem;
  }

  // Without fonts Java fails in the constructor of its font manager, with an error or whatever.
  private Optional<String> writePng(Path file, String svg) throws IOException {
    try {
      Files.write(file, painter.png(svg));
      return Optional.empty();
    } catch (LinkageError | InternalError | RuntimeException noFonts) {
      return Optional.of(
          "figures are SVG only, because this Java cannot draw text ("
              + deepest(noFonts)
              + "); install fontconfig and a font such as fonts-dejavu-core for PNG");
    }
  }

  private static Throwable deepest(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static byte[] paint(String svg) throws IOException {
    var source = new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8));
    SVGDocument document =
        Optional.ofNullable(new SVGLoader().load(source, null, LoaderContext.createDefault()))
            .orElseThrow(() -> new IllegalStateException("an SVG figure that cannot be read"));
    FloatSize size = document.size();
    var image =
        new BufferedImage(
            (int) Math.round(size.width * PIXELS),
            (int) Math.round(size.height * PIXELS),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
      graphics.scale(PIXELS, PIXELS);
      document.renderWithPlatform(
          NullPlatformSupport.INSTANCE, graphics, new ViewBox(0, 0, size.width, size.height));
    } finally {
      graphics.dispose();
    }
    var bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "png", bytes)) {
      throw new UncheckedIOException(new IOException("this Java has no writer of PNG"));
    }
    return bytes.toByteArray();
  }
}
