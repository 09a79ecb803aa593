package dev.merlon.actors.cli;

import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.actors.cli.work.Interrupts;
import org.jline.utils.Signals;

/** Routes SIGINT and SIGTERM of this process, which the JVM would otherwise answer by itself. */
final class OsSignals {
  private OsSignals() {}

  static void deliverTo(Interrupts interrupts) {
    answer("INT", () -> interrupts.raise(ExitCode.INTERRUPTED));
    answer("TERM", () -> interrupts.raise(ExitCode.TERMINATED));
  }

  private static void answer(String signal, Runnable handler) {
    // The handler that was there before; nothing if the JVM does not let a signal be answered.
    if (Signals.register(signal, handler) == null) {
      throw new IllegalStateException("this JVM does not let SIG" + signal + " be answered");
    }
  }
}
