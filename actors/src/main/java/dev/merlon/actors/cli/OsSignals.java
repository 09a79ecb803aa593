package dev.merlon.actors.cli;

import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.actors.cli.work.Interrupts;
import sun.misc.Signal;

/** Routes SIGINT and SIGTERM of this process, which the JVM would otherwise answer by itself. */
final class OsSignals {
  private OsSignals() {}

  static void deliverTo(Interrupts interrupts) {
    Signal.handle(new Signal("INT"), signal -> interrupts.raise(ExitCode.INTERRUPTED));
    Signal.handle(new Signal("TERM"), signal -> interrupts.raise(ExitCode.TERMINATED));
  }
}
