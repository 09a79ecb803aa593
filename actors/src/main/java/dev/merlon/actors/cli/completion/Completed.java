package dev.merlon.actors.cli.completion;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.ArgSpec;

/**
 * What may be typed as the value of an option or argument.
 *
 * @param words that are known; one that ends in a colon is gone on with
 * @param place what else: names of files or folders
 * @param several whether more follow behind a comma
 */
record Completed(List<String> words, Place place, boolean several) {
  private static final List<Class<?>> FILES = List.of(Path.class, URI.class);

  /** Names that a value may be, besides words. */
  enum Place {
    /** None. */
    NOWHERE,
    /** Names of files. */
    FILES,
    /** Names of folders. */
    FOLDERS,
    /** Names of folders, behind a word that ends in a colon. */
    FOLDERS_BEHIND_COLON
  }

  /** Copies the list. */
  Completed {
    words = List.copyOf(words);
  }

  /** What an option or argument takes, as its declaration says. */
  static Completed of(ArgSpec argument) {
    String label = argument.paramLabel();
    String colon = label.matches("[A-Z]+:.*") ? ":" : "";
    List<String> words = new ArrayList<>();
    Iterable<String> candidates = argument.completionCandidates();
    if (candidates != null) {
      candidates.forEach(word -> words.add(word + colon));
    }
    return new Completed(words, place(argument, label), !argument.splitRegex().isEmpty());
  }

  // A label with a dot or a folder in it stands for the name of a file, whatever the type.
  private static Place place(ArgSpec argument, String label) {
    boolean path =
        FILES.contains(argument.typeInfo().getType())
            || (argument.typeInfo().getAuxiliaryTypes().length > 0
                && FILES.contains(argument.typeInfo().getAuxiliaryTypes()[0]));
    if (label.endsWith("[:DIR]")) {
      return Place.FOLDERS_BEHIND_COLON;
    }
    if (path && label.endsWith("DIR")) {
      return Place.FOLDERS;
    }
    return path || label.matches(".*(FILE|DIR).*") ? Place.FILES : Place.NOWHERE;
  }
}
