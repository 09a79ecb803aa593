package dev.merlon.actors.cli;

import java.util.Map;
import java.util.Set;

/** Names of the command line that belong to Merlon but that this version does not have. */
final class Unavailable {
  private static final Map<String, Set<String>> NAMES =
      Map.of(
          "merlon",
              Set.of(
                  "reproduce",
                  "daemon",
                  "submit",
                  "status",
                  "watch",
                  "pause",
                  "resume",
                  "cancel",
                  "bench"),
          "certify", Set.of("--perturb"));

  private Unavailable() {}

  /** Whether {@code word} is a command or an option of {@code command} that is yet to come. */
  static boolean names(String command, String word) {
    return NAMES.getOrDefault(command, Set.of()).contains(word);
  }
}
