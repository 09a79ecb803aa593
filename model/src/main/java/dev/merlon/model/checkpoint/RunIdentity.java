package dev.merlon.model.checkpoint;

import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.config.RunSettings;
import dev.merlon.config.Settings;
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
 */
public record RunIdentity(String settings, String dataDigest, String codeVersion) {

  /** The identity of a run with these settings and training images. */
  public static RunIdentity of(RunSettings settings, String dataDigest, String codeVersion) {
    return new RunIdentity(settings.render(), dataDigest, codeVersion);
  }

  /** SHA-256 of {@link #settings}. */
  public String settingsDigest() {
    return Digests.of(settings);
  }

  /**
   * Refuses to continue a run that another identity began. The code may differ: that is for the
   * caller to report.
   *
   * @param begun the identity that a checkpoint holds
   * @throws MerlonException configuration or data failure that names the first difference
   */
  public void requireContinues(RunIdentity begun) {
    if (!meansTheSame(begun.settings)) {
      String then = parsed(begun.settings).map(RunSettings::render).orElse(begun.settings);
      throw new MerlonException(
          new Failure.Configuration(
              "The run was begun with other settings: " + firstDifference(then),
              "Resume with the settings of its run.conf, or train into another directory."));
    }
    if (!dataDigest.equals(begun.dataDigest)) {
      throw new MerlonException(
          new Failure.Data(
              "The run was begun with other training images (digest "
                  + begun.dataDigest
                  + ", now "
                  + dataDigest
                  + ")",
              "Resume with the same data, or train into another directory."));
    }
  }

  // A number may be written in several ways. Keys that came later have their defaults, which are
  // what runs did before.
  private boolean meansTheSame(String other) {
    return settings.equals(other)
        || parsed(other).flatMap(then -> parsed(settings).filter(then::equals)).isPresent();
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
