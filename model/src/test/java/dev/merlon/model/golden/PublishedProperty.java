package dev.merlon.model.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A published property in its simplest form, read line by line: a box of inputs, and that one
 * output reaches another, for one of some pairs of outputs. Any other line is an error.
 *
 * @param lower lower end of each input
 * @param upper upper end of each input
 * @param reached pairs of an output and the one that it reaches
 */
public record PublishedProperty(List<Double> lower, List<Double> upper, List<Pair> reached) {
  private static final Pattern END =
      Pattern.compile("\\(assert \\((<=|>=) X_(\\d+) (-?[0-9.]+(?:[eE][-+]?\\d+)?)\\)\\)");
  private static final Pattern REACHES =
      Pattern.compile("\\(and \\((<=|>=) Y_(\\d+) Y_(\\d+)\\)\\)");
  private static final Pattern OTHER =
      Pattern.compile(";.*|\\(declare-const [XY]_\\d+ Real\\)|\\(assert \\(or|\\)\\)|");

  /**
   * Two outputs.
   *
   * @param greater the one that is to be as large
   * @param smaller as this one
   */
  public record Pair(int greater, int smaller) {}

  /** Reads a file. */
  public static PublishedProperty read(Path file) {
    SortedMap<Integer, Double> lower = new TreeMap<>();
    SortedMap<Integer, Double> upper = new TreeMap<>();
    List<Pair> reached = new ArrayList<>();
    for (String line : lines(file)) {
      Matcher end = END.matcher(line);
      Matcher reaches = REACHES.matcher(line);
      if (end.matches()) {
        SortedMap<Integer, Double> ends = end.group(1).equals("<=") ? upper : lower;
        ends.put(Integer.parseInt(end.group(2)), Double.parseDouble(end.group(3)));
      } else if (reaches.matches()) {
        int one = Integer.parseInt(reaches.group(2));
        int other = Integer.parseInt(reaches.group(3));
        boolean first = reaches.group(1).equals(">=");
        reached.add(first ? new Pair(one, other) : new Pair(other, one));
      } else if (!OTHER.matcher(line).matches()) {
        throw new IllegalStateException(file + ": not in the published form: " + line);
      }
    }
    if (reached.isEmpty() || lower.isEmpty() || !lower.keySet().equals(upper.keySet())) {
      throw new IllegalStateException(file + ": no box or no outputs");
    }
    return new PublishedProperty(
        List.copyOf(lower.values()), List.copyOf(upper.values()), List.copyOf(reached));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream().map(String::strip).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether outputs are those of a counterexample. */
  public boolean isReached(double... outputs) {
    return reached.stream().anyMatch(pair -> outputs[pair.greater()] >= outputs[pair.smaller()]);
  }
}
