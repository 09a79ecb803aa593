package dev.merlon.config.failure;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the known name that somebody most likely meant to type. */
public final class DidYouMean {
  private DidYouMean() {}

  /**
   * The known name nearest to {@code typed} by edit distance (case ignored), if at most a third of
   * its characters (and at least two) have to change. A dotted key may also be meant by its last
   * part.
   */
  public static Optional<String> closest(String typed, Collection<String> known) {
    return known.stream()
        .map(candidate -> Candidate.of(typed, candidate))
        .filter(candidate -> candidate.distance <= Math.max(2, typed.length() / 3))
        .min(
            Comparator.comparingInt(Candidate::distance)
                .thenComparingInt(Candidate::wholeDistance)
                .thenComparing(Candidate::name))
        .map(Candidate::name);
  }

  /** The end of a sentence about an unknown name: {@code : did you mean x? (known: x, y)}. */
  public static String among(String typed, Collection<?> known) {
    var names = known.stream().map(Object::toString).toList();
    String suggestion =
        closest(typed, names).map(name -> "did you mean " + name + "? ").orElse("unknown ");
    return ": " + suggestion + names.stream().collect(Collectors.joining(", ", "(known: ", ")"));
  }

  private record Candidate(String name, int distance, int wholeDistance) {
    static Candidate of(String typed, String name) {
      String left = typed.toLowerCase(Locale.ROOT);
      String right = name.toLowerCase(Locale.ROOT);
      int whole = editDistance(left, right);
      int dot = right.lastIndexOf('.');
      if (dot < 0) {
        return new Candidate(name, whole, whole);
      }
      String leftEnd = left.substring(left.lastIndexOf('.') + 1);
      int byLastPart = 1 + editDistance(leftEnd, right.substring(dot + 1));
      return new Candidate(name, Math.min(whole, byLastPart), whole);
    }
  }

  private static int editDistance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int substituted = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[right.length()];
  }
}
