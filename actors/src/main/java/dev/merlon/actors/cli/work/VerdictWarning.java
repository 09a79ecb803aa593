package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.verdict.Outcome;

/** What a reader of verdicts must not miss. */
final class VerdictWarning {
  private VerdictWarning() {}

  /** Says it about a certification. */
  static void say(Console console, Summary summary) {
    say(console, summary.count(Outcome.Kind.CONFLICT), summary.unprocessed(), "input");
  }

  /**
   * Says it.
   *
   * @param unprocessed the {@code noun}s that could not be worked on
   */
  static void say(Console console, int conflicts, Summary.Unprocessed unprocessed, String noun) {
    if (conflicts > 0) {
      console.say(
          console.errAnsi().string("@|bold,red ALARM:|@ ")
              + Amounts.count(conflicts, "verdict")
              + " in conflict: a bound and ONNX Runtime contradict each other.");
    }
    if (unprocessed.inputs() > 0) {
      console.say(
          Amounts.count(unprocessed.inputs(), noun)
              + " could not be processed, neither proved nor attacked without success"
              + unprocessed.reason().map(reason -> "; the first " + reason).orElse("")
              + "; the verdicts say why.");
    }
  }
}
