package dev.merlon.model.data;

import dev.merlon.model.data.DigitGlyph.Stroke;
import dev.merlon.model.data.DigitGlyph.Vertex;
import dev.merlon.model.data.PixelCanvas.Segment;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes one digit as a person might: a form of the digit with displaced vertices, placed by an
 * affine map, drawn with a pen of some width and pressure, and then worn by blur, stray strokes,
 * scratches, uneven ground and noise. Everything comes from the draws, in a fixed order.
 */
final class DigitWriter {
  private static final double VERTEX_JITTER = 0.035;
  private static final double SCRATCH_CHANCE = 0.25;
  private static final double STRAY_CHANCE = 0.25;
  private static final int PIECES_PER_SPAN = 6;

  private final Draws draws;
  private final PixelCanvas canvas;

  private DigitWriter(Draws draws, PixelCanvas canvas) {
    this.draws = draws;
    this.canvas = canvas;
  }

  /** Writes a digit of 0..9 on an empty canvas. */
  static void write(int digit, Draws draws, PixelCanvas canvas) {
    new DigitWriter(draws, canvas).write(digit);
  }

  private void write(int digit) {
    List<DigitGlyph> forms = DigitGlyphs.of(digit);
    DigitGlyph glyph = forms.get(draws.index(forms.size()));
    DigitPlacement placement = DigitPlacement.random(draws, canvas.height(), canvas.width());
    List<Vertex> points = place(glyph.vertices(), placement);
    double radius = draws.uniform(0.9, 1.8);
    double pressure = draws.uniform(0.75, 1);
    for (Stroke stroke : glyph.strokes()) {
      for (Segment segment : segments(stroke, points)) {
        canvas.draw(segment, radius, pressure);
      }
    }
    wear(pressure);
  }

  private void wear(double pressure) {
    if (draws.chance(SCRATCH_CHANCE)) {
      canvas.erase(randomSegment(10, 20), draws.uniform(0.4, 1));
    }
    if (draws.chance(STRAY_CHANCE)) {
      canvas.draw(randomSegment(2, 7), draws.uniform(0.4, 0.9), pressure * draws.uniform(0.5, 0.9));
    }
    canvas.blur(draws.uniform(0, 0.22));
    canvas.lift(draws.uniform(0, 0.06));
    canvas.addNoise(draws, draws.uniform(0, 0.05));
  }

  private List<Vertex> place(List<Vertex> vertices, DigitPlacement placement) {
    List<Vertex> placed = new ArrayList<>(vertices.size());
    for (Vertex vertex : vertices) {
      double x = vertex.x() + draws.bell(VERTEX_JITTER);
      double y = vertex.y() + draws.bell(VERTEX_JITTER);
      placed.add(new Vertex(placement.columnOf(x, y), placement.rowOf(x, y)));
    }
    return placed;
  }

  private Segment randomSegment(double shortest, double longest) {
    double column = draws.uniform(3, canvas.width() - 4);
    double row = draws.uniform(3, canvas.height() - 4);
    double angle = draws.uniform(0, StrictMath.PI);
    double half = draws.uniform(shortest, longest) / 2;
    double dx = half * StrictMath.cos(angle);
    double dy = half * StrictMath.sin(angle);
    return new Segment(column - dx, row - dy, column + dx, row + dy);
  }

  private static List<Segment> segments(Stroke stroke, List<Vertex> points) {
    List<Vertex> path = stroke.vertices().stream().map(points::get).toList();
    return switch (stroke.path()) {
      case LINE -> joined(path);
      case CURVE -> joined(smoothed(path, false));
      case LOOP -> joined(smoothed(path, true));
    };
  }

  private static List<Segment> joined(List<Vertex> path) {
    List<Segment> segments = new ArrayList<>(path.size());
    for (int i = 1; i < path.size(); i++) {
      Vertex from = path.get(i - 1);
      Vertex to = path.get(i);
      segments.add(new Segment(from.x(), from.y(), to.x(), to.y()));
    }
    return segments;
  }

  /** Points of the uniform Catmull-Rom spline through {@code path}, ends repeated or closed. */
  private static List<Vertex> smoothed(List<Vertex> path, boolean closed) {
    int count = path.size();
    int spans = closed ? count : count - 1;
    List<Vertex> curve = new ArrayList<>(spans * PIECES_PER_SPAN + 1);
    for (int span = 0; span < spans; span++) {
      Vertex before = neighbour(path, span - 1, closed);
      Vertex from = neighbour(path, span, closed);
      Vertex to = neighbour(path, span + 1, closed);
      Vertex after = neighbour(path, span + 2, closed);
      for (int piece = 0; piece < PIECES_PER_SPAN; piece++) {
        double t = (double) piece / PIECES_PER_SPAN;
        curve.add(
            new Vertex(
                catmullRom(before.x(), from.x(), to.x(), after.x(), t),
                catmullRom(before.y(), from.y(), to.y(), after.y(), t)));
      }
    }
    curve.add(neighbour(path, spans, closed));
    return curve;
  }

  private static Vertex neighbour(List<Vertex> path, int index, boolean closed) {
    int count = path.size();
    return path.get(closed ? Math.floorMod(index, count) : Math.max(0, Math.min(count - 1, index)));
  }

  private static double catmullRom(double p0, double p1, double p2, double p3, double t) {
    double linear = p2 - p0;
    double quadratic = 2 * p0 - 5 * p1 + 4 * p2 - p3;
    double cubic = 3 * (p1 - p2) + p3 - p0;
    return p1 + 0.5 * t * (linear + t * (quadratic + t * cubic));
  }
}
