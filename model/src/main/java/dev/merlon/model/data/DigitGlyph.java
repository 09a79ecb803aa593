package dev.merlon.model.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One way to write a digit: strokes through shared vertices in the unit square, x to the right and
 * y down. Strokes that name the same point share the vertex, so they stay joined however it is
 * moved.
 */
final class DigitGlyph {
  private final List<Vertex> vertices;
  private final List<Stroke> strokes;

  private DigitGlyph(List<Vertex> vertices, List<Stroke> strokes) {
    this.vertices = List.copyOf(vertices);
    this.strokes = List.copyOf(strokes);
  }

  /** A point of the unit square. */
  record Vertex(double x, double y) {}

  /** How a stroke runs through its vertices. */
  enum Path {
    /** Straight from vertex to vertex. */
    LINE,
    /** A smooth curve with two ends. */
    CURVE,
    /** A smooth curve that returns to its first vertex. */
    LOOP
  }

  /**
   * One stroke of the pen.
   *
   * @param path how it runs
   * @param vertices indices into {@link #vertices()}, in writing order
   */
  record Stroke(Path path, List<Integer> vertices) {}

  /** The points to be moved; strokes refer to them by index. */
  List<Vertex> vertices() {
    return vertices;
  }

  /** The strokes in writing order. */
  List<Stroke> strokes() {
    return strokes;
  }

  /**
   * Reads strokes such as {@code "line .2,.0 .8,.0 .4,1"}: a path's name, then its points.
   *
   * @throws IllegalArgumentException if a stroke has fewer than two points or is not in this form
   */
  static DigitGlyph of(String... lines) {
    Map<Vertex, Integer> positions = new LinkedHashMap<>();
    List<Stroke> strokes = new ArrayList<>();
    for (String line : lines) {
      List<String> words = List.of(line.split(" "));
      if (words.size() < 3) {
        throw new IllegalArgumentException("a stroke needs two points: " + line);
      }
      List<Integer> indices = new ArrayList<>();
      for (String word : words.subList(1, words.size())) {
        Vertex vertex = vertex(word);
        positions.putIfAbsent(vertex, positions.size());
        indices.add(positions.get(vertex));
      }
      strokes.add(new Stroke(path(words.get(0)), List.copyOf(indices)));
    }
    return new DigitGlyph(List.copyOf(positions.keySet()), strokes);
  }

  private static Vertex vertex(String word) {
    int comma = word.indexOf(',');
    return new Vertex(
        Double.parseDouble(word.substring(0, comma)),
        Double.parseDouble(word.substring(comma + 1)));
  }

  private static Path path(String word) {
    return switch (word) {
      case "line" -> Path.LINE;
      case "curve" -> Path.CURVE;
      case "loop" -> Path.LOOP;
      default -> throw new IllegalArgumentException("no such stroke: " + word);
    };
  }
}
