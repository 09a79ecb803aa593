package dev.merlon.actors.cli.terminal;

import java.util.Locale;

/** Puts what others wrote into the one line a terminal gets. */
public final class Sentence {
  private Sentence() {}

  /** The text on one line, with an end. It may begin with a name, so its first letter stays. */
  public static String of(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
    boolean ended = line.isEmpty() || ".?!".indexOf(line.charAt(line.length() - 1)) >= 0;
    return ended ? line : line + ".";
  }

  /** The text as a sentence that follows another one: it begins with a capital. */
  public static String after(String text) {
    String line = of(text);
    boolean word = line.matches("[a-z]+ .*");
    return word ? line.substring(0, 1).toUpperCase(Locale.ROOT) + line.substring(1) : line;
  }
}
