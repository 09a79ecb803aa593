package dev.merlon.actors.cli;

/** Puts what others wrote into the one line a terminal gets. */
final class Sentence {
  private Sentence() {}

  /** The text on one line, with a capital and an end. */
  static String of(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
    if (line.isEmpty()) {
      return line;
    }
    char last = line.charAt(line.length() - 1);
    boolean ended = last == '.' || last == '?' || last == '!' || last == ')' && line.contains("? ");
    boolean word = line.length() > 1 && Character.isLowerCase(line.charAt(1));
    String start = line.substring(0, 1);
    return (word ? start.toUpperCase(java.util.Locale.ROOT) : start)
        + line.substring(1)
        + (ended ? "" : ".");
  }
}
