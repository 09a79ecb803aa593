package dev.merlon.actors.job;

import dev.merlon.config.failure.MerlonException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which inputs of a data set, as typed: {@code 5,9,20-40}. Ascending, each once.
 *
 * @param indices from 0
 */
public record IndexList(List<Integer> indices) {
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

  /** Copies the indices and checks them. */
  public IndexList {
    indices = List.copyOf(indices);
  }

  /** Reads {@code 5,9,20-40}; both ends of a range belong to it. */
  public static IndexList parse(String text) {
    return new IndexList(
        Arrays.stream(text.split(",", -1))
            .flatMapToInt(part -> range(text, part.strip()))
            .sorted()
            .distinct()
            .boxed()
            .toList());
  }

  /**
   * The indices.
   *
   * @throws MerlonException (configuration) if one of them is not below {@code size}
   */
  List<Integer> requireBelow(int size) {
    int last = indices.get(indices.size() - 1);
    if (last >= size) {
      throw MerlonException.configuration(
          "Index " + last + " of " + size + " inputs does not exist",
          "Indices go from 0 to " + (size - 1) + ".");
    }
    return indices;
  }

  private static IntStream range(String text, String part) {
    Matcher range = RANGE.matcher(part);
    if (!range.matches()) {
      throw malformed(text, "'" + part + "' is no number and no range");
    }
    int first = Integer.parseInt(range.group(1));
    int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
    if (last < first) {
      throw malformed(text, "'" + part + "' ends before it begins");
    }
    return IntStream.rangeClosed(first, last);
  }

  private static MerlonException malformed(String text, String problem) {
    return MerlonException.configuration(
        "Indices '" + text + "': " + problem, "Write them as 5,9,20-40, from 0.");
  }
}
