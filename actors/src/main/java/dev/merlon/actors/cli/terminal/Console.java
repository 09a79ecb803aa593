package dev.merlon.actors.cli.terminal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Help.Ansi;

/**
 * Where a command writes: results to {@code out}, talk to {@code err}. Thread-safe as its streams
 * are.
 *
 * @param outIsTerminal whether a person reads {@code out} on a terminal
 * @param errIsTerminal whether a person reads {@code err} on a terminal
 * @param width columns of the terminal; {@link #PLAIN_WIDTH} where there is none
 * @param colours whether a terminal may be coloured
 */
public record Console(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    int width,
    boolean colours) {

  /** Columns that text is wrapped to where there is no terminal. */
  public static final int PLAIN_WIDTH = 100;

  private static final int NARROWEST = 60;

  /**
   * The streams of this process.
   *
   * @param results where {@code out} goes
   */
  public static Console ofProcess(WatchedOutput results) {
    boolean out = isTerminal(1);
    boolean err = isTerminal(2);
    boolean colours =
        System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv().get("TERM"));
    int width = out || err ? Math.max(NARROWEST, TerminalSize.columns()) : PLAIN_WIDTH;
    return new Console(
        utf8(new BufferedOutputStream(results)), utf8(System.err), out, err, width, colours);
  }

  /** Streams that are no terminal. */
  public static Console plain(PrintStream out, PrintStream err) {
    return new Console(out, err, false, false, PLAIN_WIDTH, false);
  }

  /** The same with results printed where the talk goes. */
  public Console withResultsAmongTalk() {
    return new Console(err, err, errIsTerminal, errIsTerminal, width, colours);
  }

  /** How {@code out} may be coloured. */
  public Ansi outAnsi() {
    return outIsTerminal && colours ? Ansi.ON : Ansi.OFF;
  }

  /** How {@code err} may be coloured. */
  public Ansi errAnsi() {
    return errIsTerminal && colours ? Ansi.ON : Ansi.OFF;
  }

  /** Writes a line of talk. */
  public void say(String line) {
    err.println(line);
  }

  /** Writes a line of results. */
  public void print(String line) {
    out.println(line);
  }

  private static PrintStream utf8(OutputStream stream) {
    return new PrintStream(stream, true, StandardCharsets.UTF_8);
  }

  /** Where the system does not tell streams apart: whether both ends are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // The method that tells is newer than Java 17.
  private static boolean hasConsole() {
    return System.console() != null;
  }

  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException noProc) {
      return hasConsole();
    }
  }
}
