package dev.merlon.config;

import static java.util.Map.entry;

import dev.merlon.config.failure.DidYouMean;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Finds the key that somebody most likely meant: by the letters of its words or its beginning, by
 * the words that the field has for the same thing, or by {@link DidYouMean likeness}.
 */
final class MeantKey {
  /** Words of papers and other tools, by the last part of a key. */
  static final Map<String, String> OTHER_WORDS =
      Map.ofEntries(
          entry("arch", "network.preset"),
          entry("architecture", "network.preset"),
          entry("batch", "batch-size"),
          entry("bs", "batch-size"),
          entry("clip", "optimizer.gradient-clip"),
          entry("clip-grad-norm", "optimizer.gradient-clip"),
          entry("dataset", "data.kind"),
          entry("dtype", "device.precision"),
          entry("early-stopping", "selection.patience"),
          entry("eps", "schedule.eps-train"),
          entry("epsilon", "schedule.eps-train"),
          entry("gamma", "optimizer.decay-factor"),
          entry("grad-clip", "optimizer.gradient-clip"),
          entry("lambda", "objective.subselection-ratio"),
          entry("lr", "optimizer.learning-rate"),
          entry("lr-decay", "optimizer.decay-factor"),
          entry("lr-milestones", "optimizer.decay-epochs"),
          entry("method", "objective.kind"),
          entry("milestones", "optimizer.decay-epochs"),
          entry("model", "network.preset"),
          entry("n-epochs", "epochs"),
          entry("num-epochs", "epochs"),
          entry("radius", "schedule.eps-train"),
          entry("random-seed", "seed"),
          entry("scheduler", "optimizer.learning-rate-schedule"),
          entry("swa", "averaging.from-epoch"),
          entry("warmup", "schedule.end-epoch"),
          entry("wd", "optimizer.l1"),
          entry("weight-decay", "optimizer.l1"));

  /** Shorter beginnings stand for too many keys. */
  private static final int SHORTEST_BEGINNING = 3;

  private MeantKey() {}

  /** The known key that {@code typed}, which is none, most likely stands for. */
  static Optional<String> of(String typed, Collection<String> known) {
    String key = typed.replace('_', '-');
    return only(known, other -> sameSection(key, other) && abbreviates(end(key), end(other)))
        .or(() -> Optional.ofNullable(OTHER_WORDS.get(end(key))).filter(known::contains))
        .or(() -> only(known, other -> initials(end(other)).equals(end(key))))
        .or(() -> DidYouMean.closest(typed, known));
  }

  private static Optional<String> only(Collection<String> known, Predicate<String> fits) {
    List<String> fitting = known.stream().filter(fits).toList();
    return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
  }

  private static boolean abbreviates(String typed, String end) {
    return initials(end).equals(typed)
        || (typed.length() >= SHORTEST_BEGINNING && end.startsWith(typed));
  }

  // A single letter is no abbreviation that says anything.
  private static String initials(String end) {
    String[] words = end.split("-", -1);
    return words.length < 2
        ? ""
        : Arrays.stream(words)
            .filter(word -> !word.isEmpty())
            .map(word -> word.substring(0, 1))
            .collect(Collectors.joining());
  }

  private static boolean sameSection(String typed, String other) {
    return typed.contains(".") && section(typed).equals(section(other));
  }

  private static String section(String key) {
    return key.substring(0, Math.max(0, key.lastIndexOf('.')));
  }

  private static String end(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }
}
