package dev.merlon.model.checkpoint;

import dev.merlon.config.RunSettings;
import dev.merlon.config.SettingChange;
import dev.merlon.config.Settings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.proto.Digests;
import java.util.List;
import java.util.Optional;

/**
 * What decides the bits of a run: its settings, its data and the code. Equal identities on equal
 * machines give equal runs.
 *
 * @param settings the resolved settings, canonical HOCON
 * @param dataDigest names the content of the training images
 * @param codeVersion the version of Merlon, for people
 * @param threads of its tensor operations: one entry at the beginning and one for each change;
 *     those of steps before the first are not known
 */
public record RunIdentity(
    String settings, String dataDigest, String codeVersion, List<ThreadCount> threads) {

  /** Copies the list. */
  public RunIdentity {
    threads = List.copyOf(threads);
  }

  /** An identity whose threads are not known. */
  public RunIdentity(String settings, String dataDigest, String codeVersion) {
    this(settings, dataDigest, codeVersion, List.of());
  }

  /** The identity of a run with these settings and training images. */
  public static RunIdentity of(RunSettings settings, String dataDigest, String codeVersion) {
    return new RunIdentity(settings.render(), dataDigest, codeVersion);
  }

  /** SHA-256 of {@link #settings}. */
  public String settingsDigest() {
    return Digests.of(settings);
  }

  /** The same run with these threads. */
  public RunIdentity withThreads(List<ThreadCount> counts) {
    return new RunIdentity(settings, dataDigest, codeVersion, counts);
  }

  /**
   * Refuses to continue a run that another identity began, unless it would have come to the same
   * place with this one. Code and threads may differ: that is for the caller to report.
   *
   * @param begun the identity that a checkpoint holds
   * @param done how far the run has come
   * @param stepsPerEpoch of the run
   * @return the settings that differ
   * @throws MerlonException configuration or data failure that names the differences
   */
  public List<SettingChange> requireContinues(
      RunIdentity begun, RunCursor done, int stepsPerEpoch) {
    List<SettingChange> changes = requireSettings(begun.settings, done, stepsPerEpoch);
    if (!dataDigest.equals(begun.dataDigest)) {
      throw MerlonException.data(
          "The run was begun with other training images (digest "
              + begun.dataDigest
              + ", now "
              + dataDigest
              + ")",
          "Resume with the same data, or train into another directory.");
    }
    return changes;
  }

  // A number may be written in several ways. Keys that came later have their defaults, which are
  // what runs did before.
  private List<SettingChange> requireSettings(String other, RunCursor done, int stepsPerEpoch) {
    if (settings.equals(other)) {
      return List.of();
    }
    Optional<RunSettings> begun = parsed(other);
    Optional<RunSettings> now = parsed(settings);
    if (begun.isEmpty() || now.isEmpty()) {
      throw MerlonException.configuration(
          "The run was begun with other settings: " + firstDifference(other),
          "Resume with the settings of its run.conf, or train into another directory.");
    }
    return begun.equals(now)
        ? List.of()
        : new Continuation(begun.get(), now.get(), done, stepsPerEpoch).requirePossible();
  }

  private static Optional<RunSettings> parsed(String settings) {
    try {
      return Optional.of(Settings.parse(settings, "run.conf", List.of()));
    } catch (MerlonException unreadable) {
      return Optional.empty();
    }
  }

  private String firstDifference(String begun) {
    List<String> now = settings.lines().toList();
    List<String> then = begun.lines().toList();
    int line = 0;
    while (line < now.size() && line < then.size() && now.get(line).equals(then.get(line))) {
      line++;
    }
    return "'" + lineOf(then, line) + "' then, '" + lineOf(now, line) + "' now";
  }

  private static String lineOf(List<String> lines, int line) {
    return line < lines.size() ? lines.get(line).strip() : "";
  }
}
