package dev.merlon.actors.report;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One command that trained a run, or went on with it.
 *
 * @param started when, with the distance from UTC there
 * @param zone the time zone there, such as {@code Europe/Berlin}
 * @param version of Merlon
 * @param command as it was typed
 * @param end empty while it is at work, and where it was killed
 */
public record RunSession(
    OffsetDateTime started, String zone, String version, String command, Optional<End> end) {

  /**
   * How a session ended.
   *
   * @param seconds since its start; training and certification, not the measuring for the page
   */
  public record End(double seconds, Outcome outcome) {}

  /** What became of the run in a session. */
  public enum Outcome {
    /** It is trained and certified. */
    DONE,
    /** It was stopped and can go on. */
    STOPPED,
    /** It failed. */
    FAILED;

    /** How it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** When it started, for people. */
  public String when() {
    return started.toString().replace('T', ' ') + " (" + zone + ")";
  }

  /** How long it took and how it ended, for people. */
  public String how() {
    return end.map(known -> RunText.time(known.seconds()) + ", " + known.outcome().word())
        .orElse("no end written down: at work or killed");
  }

  /** How long all of them took, for people, as far as their ends are known. */
  public static String duration(List<RunSession> sessions) {
    double known =
        sessions.stream()
            .flatMap(session -> session.end().stream())
            .mapToDouble(End::seconds)
            .sum();
    boolean all = sessions.stream().allMatch(session -> session.end().isPresent());
    return (all ? "" : "at least ")
        + RunText.time(known)
        + (sessions.size() > 1 ? " in " + sessions.size() + " sessions" : "");
  }
}
