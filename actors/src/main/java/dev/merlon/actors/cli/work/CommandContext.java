package dev.merlon.actors.cli.work;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.job.JobContext;
import dev.merlon.actors.verification.StoreHome;

/**
 * What every command is given.
 *
 * @param console where it writes
 * @param interrupts how it learns that it should stop
 * @param log where its log goes
 * @param merlon the program as it was started, as a shell takes it
 * @param store where verdicts are kept unless a command says otherwise
 */
public record CommandContext(
    Console console, Interrupts interrupts, LogFile log, String merlon, StoreHome store) {
  /** The variable by which the launcher says how it was started. */
  private static final String STARTED_AS = "MERLON_COMMAND";

  /**
   * A command of this process.
   *
   * @param version of Merlon
   */
  public static CommandContext ofProcess(Console console, Interrupts interrupts, String version) {
    String merlon = System.getenv().getOrDefault(STARTED_AS, "merlon");
    return new CommandContext(
        console, interrupts, LogFile.ofUser(), merlon, StoreHome.ofUser(version));
  }

  /** What a job is given whose events go to this view. */
  JobContext job(JobView view) {
    return new JobContext(view::show, interrupts, store);
  }
}
