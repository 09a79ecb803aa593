package dev.merlon.actors.cli;

import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.WatchedOutput;
import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.actors.cli.work.Interrupts;
import java.util.List;
import java.util.Locale;

/** The program. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // The program speaks English, its libraries too, whatever the user's language.
    Locale.setDefault(Locale.ROOT);
    WatchedOutput results = WatchedOutput.ofProcess();
    Console console = Console.ofProcess(results);
    Interrupts interrupts = new Interrupts(code -> endNow(console, code));
    OsSignals.deliverTo(interrupts);
    int code = new Application(console, interrupts).run(List.of(arguments));
    console.out().flush();
    console.err().flush();
    System.exit(results.loss().map(reason -> lost(console, reason, code)).orElse(code));
  }

  private static int lost(Console console, String reason, int code) {
    console.say(
        "merlon: Results could not be written to standard output: "
            + reason
            + ". Make room, or let it go elsewhere, and run the command again.");
    return code == ExitCode.DONE.value() ? ExitCode.FAILED.value() : code;
  }

  /** Ends the process without waiting for anything: the second Ctrl-C. */
  private static void endNow(Console console, ExitCode code) {
    if (console.errIsTerminal()) {
      console.say("");
    }
    Runtime.getRuntime().halt(code.value());
  }
}
