package dev.merlon.actors.cli.terminal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Asks the system how wide the terminal is. */
final class TerminalSize {
  private static final int USUAL = 80;

  private TerminalSize() {}

  /** Columns of the process's terminal; the usual 80 where the system does not say. */
  static int columns() {
    String declared = System.getenv().getOrDefault("COLUMNS", "");
    return declared.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(declared) : fromStty();
  }

  private static int fromStty() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      stty.waitFor(1, TimeUnit.SECONDS);
      String[] rowsAndColumns = answer.strip().split(" ", -1);
      int columns = rowsAndColumns.length == 2 ? Integer.parseInt(rowsAndColumns[1]) : USUAL;
      return columns > 0 ? columns : USUAL;
    } catch (IOException | NumberFormatException unknown) {
      return USUAL;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }
}
